/* seeds.h: what the files that make first inputs share (seeds.c, seeds_stories.c). */
#ifndef SAMBAND_TESTS_FUZZ_SEEDS_H
#define SAMBAND_TESTS_FUZZ_SEEDS_H

#include "samband/record.h"

/* FOLDER/TARGET/NAME; `first` is a byte before the others, or negative. */
void seed_write(const char *target, const char *name, int first, struct sb_bytes bytes);
/* A value that the field takes; `list` where it is one. The record borrows it. */
void seed_field(struct sb_record *record, enum sb_field field, struct sb_bytes list);
void seed_stories(struct sb_bytes list);

#endif
