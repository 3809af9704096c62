#!/usr/bin/env bash
# The power goes from broker and agents on ext4, again and again (tests/support/power_cut.sh).
. "$(dirname "$0")/../support/disk.sh"
. "$(dirname "$0")/../support/county.sh"
. "$(dirname "$0")/../support/accepted.sh"
cut_type=ext4
cut_size=64M
. "$(dirname "$0")/../support/power_cut.sh"
