/* one.c: libFuzzer's entry into a target. Of every target's program, and of no other. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t size)
{
    fuzz_one(sb_bytes(at, size));
    return 0;
}
