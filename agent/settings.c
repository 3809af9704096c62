/* settings.c: agent.yaml's table. */
#include "settings.h"

#include "samband/config.h"

#include <cyaml/cyaml.h>

static const cyaml_schema_field_t settings_fields[] = {
    CYAML_FIELD_STRING_PTR("state", CYAML_FLAG_POINTER, struct sb_agent_settings, state, 1, 400),
    CYAML_FIELD_STRING_PTR("runtime", CYAML_FLAG_POINTER, struct sb_agent_settings, runtime, 1, 90),
    CYAML_FIELD_STRING_PTR("roster", CYAML_FLAG_POINTER, struct sb_agent_settings, roster, 1, 400),
    CYAML_FIELD_UINT("quota-mebibytes", CYAML_FLAG_OPTIONAL, struct sb_agent_settings,
                     quota_mebibytes),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t settings_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct sb_agent_settings, settings_fields),
};

void sb_agent_settings_free(struct sb_agent_settings *settings)
{
    sb_config_free(&settings_schema, settings);
}

struct sb_agent_settings *sb_agent_settings_load(const char *path, struct sb_why *why)
{
    void *loaded = NULL;
    if (sb_config_load(path, &settings_schema, &loaded, why) != SB_ERR_OK) {
        return NULL;
    }
    struct sb_agent_settings *settings = loaded;
    if (sb_config_quota(path, &settings->quota_mebibytes, why) != SB_ERR_OK) {
        sb_agent_settings_free(settings);
        return NULL;
    }
    return settings;
}
