/*
 * Profiles on their way from files to policy->profiles: read as written, then flattened over the
 * one they extend, then checked against themselves.
 */
#ifndef ROLEGATE_PROFILES_H
#define ROLEGATE_PROFILES_H

#include "config/schema.h"

enum {
	PROFILES_MAX = 500,    /* each pair of two may become a filter */
	MEMBERS_MAX = 1000,    /* of one list */
	OPEN_FILES_MAX = 4096, /* without execute = "any": FILTER_PROGRAM (confine/filter.h) */
};

/* `profile.restriction` has what this profile says itself until it is flattened. */
struct profile_reading {
	struct profile profile;
	struct source extends_source;
	enum { UNSAID, YES, NO } providers, optional;
	struct restriction_origins providers_origins;
	bool opened[RESTRICT_COUNT];  /* says that the field is open, whatever it extends */
	struct strings allowed_calls; /* sorted; taken out of what is inherited */
	struct source allowed_source;
};

/* Notes that the profile says something about the field, at the place of the setting. */
void profile_says(struct reader *reader, const config_setting_t *setting,
	struct profile_reading *reading, enum restriction_field field);
struct restriction_origins profile_origin(struct reader *reader, const config_setting_t *setting,
	const struct profile_reading *reading);
/* Whether the list is short enough; otherwise it has been reported. */
bool profile_list_fits(struct reader *reader, const config_setting_t *setting);

/* Of a profile; `field` is the struct profile_reading. */
schema_handler profile_execute, profile_filesystem, profile_system_calls, profile_limits,
	profile_capabilities;

/* Makes `denied_names` of what was written and what is denied. */
void profile_name_calls(struct arena *arena, struct restriction *restriction);

/* Resolves `extends` of all and flattens them: `profile.restriction` is whole then. */
void profiles_flatten(struct loader *loader);
/* What a whole profile must not say together. */
void profile_check(struct loader *loader, const struct profile_reading *reading);

/* libconfig text of the profiles that are part of the program. */
extern const char built_in_profiles[];
/* The file that is named as their source. */
#define BUILT_IN "built in"

#endif
