/* quota.c: the one setting that both daemons have: how much their store may use. */
#include "samband/config.h"

enum sb_err sb_config_quota(const char *path, uint64_t *mebibytes, struct sb_why *why)
{
    struct sb_config_place place;
    if (*mebibytes == 0) {
        *mebibytes = SB_STORE_QUOTA_MIB;
    }
    if (*mebibytes >= SB_STORE_QUOTA_MIB_MIN && *mebibytes <= SB_STORE_QUOTA_MIB_MAX) {
        return SB_ERR_OK;
    }
    return sb_why_say(why, SB_ERR_CONFIG, "%s: quota-mebibytes är %llu; det får vara %d till %d",
                      "%s: quota-mebibytes is %llu; it may be %d to %d",
                      sb_config_place(path, "quota-mebibytes", NULL, &place),
                      (unsigned long long)*mebibytes, SB_STORE_QUOTA_MIB_MIN,
                      SB_STORE_QUOTA_MIB_MAX);
}
