/* What each kind of file becomes. Called by the loader; see there. */
#ifndef ROLEGATE_BUILD_H
#define ROLEGATE_BUILD_H

#include <libconfig.h>

#include "config/schema.h"

void build_endpoints(struct reader *reader, const config_setting_t *root); /* rolegate.conf */
void build_commands(struct reader *reader, const config_setting_t *root);  /* commands.d */
void build_functions(struct reader *reader, const config_setting_t *root); /* functions.d */
void build_providers(struct reader *reader, const config_setting_t *root); /* providers.d */
void build_profiles(struct reader *reader, const config_setting_t *root);  /* profiles.d */
void build_trusted(struct reader *reader, const config_setting_t *root);   /* trusted.d */
void build_role(struct reader *reader, const config_setting_t *root, struct role *role);

/* "read-only", "write-capable", "elevated": the bits of enum command_class from 1 on, NULL. */
extern const char *const class_names[];

/* A role file while it is read. */
struct role_reading {
	struct role *role;
	const char *description;
	struct variables environment;
	struct transcript_rule transcript;
};

/* visible_commands and visible_external_commands; `field` is the struct role_reading. */
schema_handler build_grants;
schema_handler build_externals;
/* visible_functions. */
schema_handler build_function_grants;

/* assigned_to; `field` is the struct role_reading. */
schema_handler build_assignments;

/* A list of commands: `commands` and `command_definitions`. */
schema_handler build_command_list;
/* A list of functions: `functions` and `function_definitions`. */
schema_handler build_function_list;
/* `trusted` and `trusted_keys`, into the policy; `field` is not used. */
schema_handler build_trusted_list;
schema_handler build_trusted_keys;
/* `class`; `field` is the enum command_class. */
schema_handler build_class;
/* The `parameters` of a command; `field` is the struct command. */
schema_handler build_parameters;
/* `transcript`; `field` is the struct transcript_rule. */
schema_handler build_transcript;
schema_handler build_terminal;
/* A list of { name; value; } into a struct variables, no name twice. */
schema_handler build_variables;
/* Seconds, or "30m"; `field` is an unsigned: seconds, DURATION_MAX at the most. */
enum { DURATION_MAX = 366 * 86400 };
schema_handler build_duration;
/* The name of a profile, known or not yet. `field` is a const char **. */
schema_handler build_profile;

#endif
