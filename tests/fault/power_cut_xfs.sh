#!/usr/bin/env bash
# The power goes from broker and agents on xfs, again and again (tests/support/power_cut.sh).
. "$(dirname "$0")/../support/disk.sh"
. "$(dirname "$0")/../support/county.sh"
. "$(dirname "$0")/../support/accepted.sh"
cut_type=xfs
cut_size=320M
. "$(dirname "$0")/../support/power_cut.sh"
