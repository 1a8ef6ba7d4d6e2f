/*
 * The state of one load, in two steps: each file is read into definitions and pending references,
 * then names are resolved, when all of them are known. Everything in struct policy lives in its
 * arena; what is pending lives in `scratch` and goes when the load ends.
 */
#ifndef ROLEGATE_LOADER_H
#define ROLEGATE_LOADER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/table.h"
#include "config/config.h"
#include "policy/policy.h"

enum { GRANTS_MAX = 2000000 }; /* after wildcards: a bound of memory, far above real use */

/* What one grant lists about one parameter, before the parameter is known. */
struct pending_constraint {
	const char *name;
	bool has_set, has_pattern, has_numbers;
	struct strings set;
	const char *pattern;
	struct source source;
	unsigned set_line, pattern_line;
};

struct pending_grant {
	struct role *role;
	const char *name;
	bool lists_parameters, external, function;
	struct pending_constraint *constraints;
	size_t constraint_count;
	struct source source;
};

enum reference_kind {
	REFERENCE_ALIAS,    /* role -> alias that it sees */
	REFERENCE_PROVIDER, /* role -> provider that it sees */
	REFERENCE_STARTUP,  /* role -> function that it starts a session with */
};

struct pending_reference {
	enum reference_kind kind;
	struct role *role;
	const char *name;
	struct source source;
};

/* An entry of a role's assigned_to, before all endpoints are known. */
struct pending_assignment {
	const struct role *role;
	const char *endpoint;
	const char *user, *group; /* exactly one of them */
	struct source source;
};

/* `profile = "x"` of a command or an endpoint, before all profiles are known. */
struct pending_profile {
	const char *name, *scope; /* scope: how a problem there begins */
	struct source source;
};

struct profile_reading; /* config/profiles.h */
struct pending_input;   /* config/inputs.h */

/* What a function names, before all functions are known. */
struct pending_function {
	struct command *command;
	struct function *function;
	struct source rollback, transaction; /* of the two settings */
	unsigned height; /* functions that run within it, one within the other */
};

struct loader {
	struct arena *arena, *scratch;
	const char *directory; /* of the configuration, absolute; NULL: none */
	struct policy *policy;
	struct problems *problems;
	struct pending_grant *grants;
	size_t grant_count;
	struct pending_reference *references;
	size_t reference_count;
	struct pending_assignment *assignments;
	size_t assignment_count;
	struct table patterns;	    /* text -> struct pattern, so that each is compiled once */
	struct table variables;	    /* of roles: name -> struct variable */
	struct table endpoint_line; /* name -> struct source */
	struct profile_reading **profiles; /* as the files and the program itself have them */
	size_t profile_count;
	struct table profile_by_name; /* -> struct profile_reading */
	struct pending_profile *profile_uses;
	size_t profile_use_count;
	struct table validators; /* of the configuration: name -> struct own_validator */
	struct strings own_validators; /* names of those that are defined */
	struct pending_input *inputs;
	size_t input_count;
	struct pending_function *functions;
	size_t function_count;
	struct table digest_by_file; /* of functions.d -> 64 hexadecimal digits */
	size_t suggestions;	    /* names that may still be compared for hints */
};

/* One file of a configuration: "rolegate.conf", "roles.d/web.role". Bytes need not end with NUL. */
struct config_file {
	const char *name;
	const char
		*bytes; /* NULL: it could not be read, which has been reported; its role exists */
	size_t length;
};

/*
 * A policy from bytes in memory; as config_load(), without any file and with no digest. `count`
 * files in any order.
 */
struct policy *config_load_memory(struct arena *arena, const struct config_file *files,
	size_t count, struct problems *problems);

/* The steps of it, for config_load(), which holds one file at a time. */
struct loader *loader_new(struct arena *arena, struct problems *problems);
/* Roles must be known before any file is read: `names` without ".role", NULL-terminated. */
void loader_roles(struct loader *loader, const struct strings *names);
void loader_file(struct loader *loader, const struct config_file *file);
/* The policy, or NULL if there was an error; frees the loader. Problems are sorted. */
struct policy *loader_check_and_finish(struct loader *loader);

/* The compiled form of `text`, or NULL and *complaint. */
const struct pattern *loader_pattern(
	struct loader *loader, const char *text, const char **complaint);

/* Takes the definition; a second of that name is a problem. */
void loader_add_command(struct loader *loader, struct command *command);

/* Resolves everything that is pending. */
void link_policy(struct loader *loader);
void link_references(struct loader *loader);
/* Validators, conditions, choices, rollbacks, start-up functions, paths of transactions. */
void link_validators(struct loader *loader);
void link_functions(struct loader *loader);
void link_startup(struct loader *loader, const struct pending_reference *reference);
/* ` (did you mean "x"?)` of all functions, or of all commands; or "". */
const char *link_hint(struct loader *loader, const char *name, bool function);
/* Each function gets its entry of trusted.d, each entry its key. */
void link_trust(struct loader *loader);
/* Each becomes a role definition of its endpoint. */
void link_assignments(struct loader *loader);
/* Profiles flattened, given to commands and endpoints, and intersected for each pair in use. */
void link_profiles(struct loader *loader);

#endif
