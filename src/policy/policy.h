/*
 * What the configuration says, as data. Built once by config/ in one arena, then never changed;
 * all of src/policy/ is pure: no system call, no global state.
 *
 * Everything that can grant or refuse carries the place that it came from.
 */
#ifndef ROLEGATE_POLICY_H
#define ROLEGATE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strings.h"
#include "base/table.h"
#include "policy/approval.h"
#include "policy/drive.h"
#include "policy/function.h"
#include "policy/pattern.h"
#include "policy/restriction.h"
#include "policy/source.h"
#include "policy/transcript.h"

struct variable {
	const char *name;
	const char *value;
	struct source source;
};

struct variables {
	struct variable *items;
	size_t count;
};

enum parameter_type {
	PARAMETER_STRING,
	PARAMETER_INTEGER,
	PARAMETER_FLAG,
	PARAMETER_CHOICE,
	PARAMETER_PATH,
	PARAMETER_DRIVE_FILE, /* the name of a file in the caller's drive */
	PARAMETER_BOOLEAN, /* "true" or "false"; of a function's input, as all from here on */
	PARAMETER_DATE,	   /* YYYY-MM-DD, a real day */
	PARAMETER_TEXT,	   /* several lines: the one type that may hold line ends and tabs (R2) */
};

struct validator; /* policy/validate.h */

/* A declared parameter of a command: section 3 of the design. */
struct parameter {
	const char *name;
	size_t index; /* in command->parameters */
	enum parameter_type type;
	struct strings options; /* as written: "-u", "--unit", "-name"; empty for a pure operand */
	unsigned position;      /* from 1; 0: not an operand */
	const struct validator *validate; /* NULL only where type or pattern says it all */
	bool has_pattern;
	struct pattern pattern;
	struct strings choices;
	bool has_minimum, has_maximum;
	int64_t minimum, maximum;
	struct strings under; /* canonical directories; empty: anywhere */
	bool required;
	const char *default_value; /* NULL: none. "true" for a flag that is on by default */
	unsigned repeat;           /* largest count, at least 1 */
	bool secret;               /* never in a record, an answer or a log */
	bool common;               /* allowed whatever a role lists */
	bool leading_dash;         /* the value may start with '-' (R39) */
	const char *message;       /* shown when the value is refused, or NULL */
	const char *description;   /* or NULL */
	size_t max_length;         /* bytes */
	/* Of a function's input: it exists only while another one has one of these values. */
	const struct parameter *show_if; /* or NULL: always */
	struct strings show_values;
	/* PARAMETER_CHOICE: what this function prints, a choice a line; NULL: `choices`. */
	const struct command *choices_from;
	struct source source;
};

struct parameters {
	struct parameter *items;
	size_t count;
	unsigned positions; /* the highest position */
};

enum command_emit {
	EMIT_JOINED,   /* --lines=5, -n5 */
	EMIT_SEPARATE, /* --lines 5, -n 5 */
};

/* Something a person can call by name: a declared command, or a bare program (visible_external_commands). */
struct command {
	const char *name; /* its words with one blank between them; the full path if external */
	size_t word_count;
	bool external; /* any arguments, no parameters */
	const struct function *function; /* NULL: it is a program */
	const char *description; /* or NULL */
	const char *program;     /* absolute */
	struct strings arguments;
	const char *run_as;  /* account, "caller", or NULL: the endpoint's */
	const char *profile_name; /* as written, or NULL: "standard" */
	const struct profile *profile; /* never NULL once loaded */
	enum command_class command_class;
	struct parameters parameters;
	bool enabled;
	bool end_of_options;
	enum command_emit emit;
	bool outlives_client; /* detach = true: the client's death does not end it (R16) */
	unsigned timeout;     /* seconds; 0: none */
	const char *directory; /* or NULL: "/" */
	struct variables environment;
	struct transcript_rule transcript;
	bool needs_terminal;   /* it is refused where there is none */
	struct grants *grants; /* every grant of every role for this command, by role */
	struct source source;
};

/* What one grant says about one parameter it lists. Neither set nor patterns: any valid value. */
struct constraint {
	const struct parameter *parameter;
	struct strings set;
	bool has_pattern; /* the set is ignored then (rule 7) */
	struct pattern pattern;
	struct source source;
};

/* One entry of visible_commands (or visible_external_commands), for one command. */
struct grant {
	const struct role *role;
	const struct command *command;
	bool lists_parameters; /* false: every declared parameter, any valid value (rule 3) */
	struct constraint *constraints;
	size_t constraint_count;
	const char *wildcard; /* the name as written when it held '*', else NULL */
	struct source source;
};

struct grants {
	struct grant **items; /* in the order of role->index, then of the file */
	size_t count;
};

struct alias {
	const char *name;
	const char *target; /* a command's name */
	const struct command *command;
	struct alias_view *views;
	size_t view_count;
	struct source source; /* of the first definition */
};

/* One role's entry in visible_aliases. */
struct alias_view {
	const struct role *role;
	struct source source;
};

/* A named file area: providers.d, section 6. */
struct provider {
	const char *name;
	struct strings read, write;
	struct source source;
};

struct visible_provider {
	const struct provider *provider;
	struct source source;
};

struct role {
	const char *name;
	size_t index; /* in policy->roles, which is sorted by name */
	const char *description; /* or NULL */
	struct variables environment;
	struct visible_provider *providers;
	size_t provider_count;
	struct grants grants; /* in the order of the file */
	struct strings startup_functions; /* names, in the order of the file */
	struct transcript_rule transcript; /* of every call that it takes part in granting */
	struct source source;
};

/* required_groups: a tree of all and any over group names. */
struct group_rule {
	enum { GROUP_NAME, GROUP_ALL, GROUP_ANY } kind;
	const char *name;
	struct group_rule *rules;
	size_t count;
};

struct role_definition {
	const char *user;  /* exactly one of these two is set */
	const char *group;
	const struct role **roles;
	size_t role_count;
	struct source source;
};

enum merge_mode { MERGE_JEA, MERGE_SINGLE_ROLE };
enum authenticate { AUTHENTICATE_NEVER, AUTHENTICATE_SESSION, AUTHENTICATE_ALWAYS };
enum audit_level { AUDIT_LEVEL_NONE, AUDIT_LEVEL_VIOLATIONS, AUDIT_LEVEL_STANDARD, AUDIT_LEVEL_FULL };
/* By level, NULL at the end. */
extern const char *const audit_level_names[];
enum audit_failure { AUDIT_FAILURE_DENY, AUDIT_FAILURE_CONTINUE };

/* Who may run `commands` as if they were one of `users`: an entry of an endpoint's act_as. */
struct act_as {
	const char *group;
	struct strings users;	 /* names; empty: anybody who has a role here */
	struct strings commands; /* names of functions and commands, may hold '*'; never empty */
	struct source source;
};

/* The limits of an endpoint that no message of a client can change (R22). */
struct limits {
	unsigned sessions_per_user; /* at once, by uid */
	unsigned request_size;      /* bytes of one request's words */
	unsigned service_timeout;   /* seconds that a name service or PAM module may take */
	unsigned handshake_timeout; /* seconds until the first request, and for a request's parts */
	unsigned idle_timeout;      /* seconds that a session may be idle; 0: for ever */
	unsigned session_timeout;   /* seconds that it may be open; 0: for ever */
	unsigned warning_time;      /* seconds before either that its operator is told; 0: never */
};

struct endpoint {
	const char *name;
	struct role_definition *definitions;
	size_t definition_count;
	struct group_rule *required_groups; /* NULL: none */
	const char *run_as;                 /* or NULL */
	const char *profile_name;           /* or NULL: no ceiling */
	const struct profile *profile;      /* NULL: none */
	enum audit_level audit;
	enum audit_failure audit_failure;
	enum authenticate authenticate;
	enum merge_mode merge;
	bool allow_unset_loginuid;
	const char *motd; /* text of lines, for whoever opens a prompt; NULL: none */
	const char *contact; /* whom to ask, for whoever is refused; NULL: nobody is named */
	bool pipelines;	  /* the prompt may connect commands: each is decided on by itself anyway */
	struct transcript_rule transcript; /* of everything that runs through it */
	struct limits limits;
	const struct drive *drive; /* NULL: none */
	struct approval_rule approval; /* what goes to the queue, and who may decide there */
	struct act_as *act_as;
	size_t act_as_count;
	struct source source;
};

/* What the directory says that it was installed as. */
struct policy_bundle {
	const char *name;
	uint64_t serial;
	bool unchanged; /* the files are those of its manifest */
};

struct policy {
	struct arena *arena;
	struct role *roles; /* sorted by name */
	size_t role_count;
	struct table role_by_name;
	struct command **commands; /* sorted by name; external ones too */
	size_t command_count;
	struct table command_by_name; /* "systemctl restart" -> struct command */
	size_t longest_name;          /* in words, over commands and aliases */
	struct table alias_by_name;   /* -> struct alias */
	struct alias **aliases;       /* sorted by name */
	size_t alias_count;
	struct table provider_by_name;
	struct profile *profiles; /* sorted by name, the built-in ones among them */
	size_t profile_count;
	struct table profile_by_name;
	/*
	 * By the endpoint's profile (0: none, else its index + 1), then by the command's:
	 * profile_count + 1 rows of profile_count; NULL where no endpoint and command have the pair.
	 * As many rows again, of the same for functions that are untrusted: "standard" holds for
	 * them too.
	 */
	struct confinement **confinements;
	struct endpoint *endpoints; /* in the order of the file */
	size_t endpoint_count;
	unsigned sessions_max;  /* at once, of all endpoints */
	struct trust_entry *trust; /* of rolegate.conf and trusted.d, in the order of the files */
	size_t trust_count;
	struct trusted_key *keys; /* trusted_keys */
	size_t key_count;
	/* Path of the JSON event log; "recorder": rolegate-recorder(8) has it; NULL: only without
	 * kernel audit. */
	const char *event_log;
	char digest[65];        /* SHA-256 over all files, hexadecimal */
	const struct policy_bundle *bundle; /* that the files were installed as; NULL: none */
	size_t grant_count;
};

struct endpoint *policy_endpoint(const struct policy *policy, const char *name);
struct role *policy_role(const struct policy *policy, const char *name);
/* What a run of `command` through `endpoint` (NULL: none known) is confined by; NULL: not in use. */
const struct confinement *policy_confinement(const struct policy *policy,
	const struct endpoint *endpoint, const struct command *command);
/* The same of a function that is untrusted: by "standard" as well, whatever it asks for. */
const struct confinement *policy_confinement_untrusted(const struct policy *policy,
	const struct endpoint *endpoint, const struct command *command);
/* Elements of policy->confinements. */
size_t policy_confinement_count(const struct policy *policy);

/* "command", "function"; "external" for a bare program. */
const char *command_kind(const struct command *command);

/*
 * The most specific name of a profile that is said: the command's (NULL: not heard), else the
 * endpoint's (NULL: none known), else "standard".
 */
const char *policy_profile_name(const struct endpoint *endpoint, const struct command *command);

/* "string", "integer", … */
const char *parameter_type_name(enum parameter_type type);

/*
 * How a person is told to write a parameter: "-u, --unit", or "UNIT" for an operand; in `arena`.
 */
const char *parameter_usage(struct arena *arena, const struct parameter *parameter);

#endif
