/* Inside decide.c and its neighbours: one request on its way to a decision. */
#ifndef ROLEGATE_CALL_H
#define ROLEGATE_CALL_H

#include "policy/decide.h"

/* How far a call came before it was refused, for single-role to tell which role came nearest. */
enum call_stage {
	STAGE_NAME,
	STAGE_GRANTED,
	STAGE_PARSE,
	STAGE_VALID,
	STAGE_VALUES,
	STAGE_COMPLETE,
};

struct call {
	struct arena *arena;
	const struct decision_request *request;
	const struct role_set *roles; /* the person's, or the one that is tried alone */
	const struct command *command;
	const struct alias *alias; /* that the words used, or NULL */
	size_t name_words;
	size_t lines; /* the first word with a line end or tab in it; request->count: none */
	enum call_stage stage;
	struct permission permission;
	struct trust_verdict trust; /* of a function */
	struct arguments arguments;
	struct refusal refusal;
	struct decision_source *sources;
	size_t source_count;
	struct decision_file *files;
	size_t file_count;
};

/*
 * What the first words name: the longest name that is defined, whoever may use it, or an alias that
 * one of `roles` sees. A defined "systemctl restart" is therefore never run as "systemctl" with the
 * operand "restart", however the roles are combined. NULL when there is none.
 */
const struct command *call_find_name(const struct policy *policy, const struct role_set *roles,
	const char *const *words, size_t count, const struct alias **alias, size_t *name_words);

/* Notes the refusal; -1. */
int call_refuse(struct call *call, enum reason reason, size_t word, const char *detail);

/*
 * The words' bytes, before anything else is known of them; then, when call->command is what they
 * name, or NULL; then, when they are parsed. 0, or -1 and call->refusal.
 */
int call_check_bytes(struct call *call);
int call_check_lines(struct call *call);
int call_check_texts(struct call *call);

/* The one text for unknown and for forbidden (R24). */
const char *call_not_permitted(struct call *call);

/*
 * Every value against the sets and patterns of the roles; notes the sources of those that are
 * allowed. 0, or -1 and call->refusal, with the constraints that refused as the only sources.
 */
int call_check_values(struct call *call);

/* Remembers one source. Duplicates among those from `since` on are dropped. */
void call_add_source(struct call *call, const struct role *role, struct source source,
	const struct parameter *parameter, size_t since);

/* `text` in quotes, escaped, and cut to what a message takes. */
const char *call_quote(struct arena *arena, const char *text);

/*
 * What the run is confined by: the profiles' restriction, in which "providers" have become the
 * areas that the roles of the call see, each of them whatever role grants the command. NULL: the
 * configuration has no profile for it. Sets *areas and *count.
 */
const struct confinement *call_confinement(
	struct call *call, struct decision_area **areas, size_t *count);

/* The endpoint's drive, if its own command is what the words name. */
const struct drive *call_drive(const struct call *call);
/* Whether it may be used: 0, or -1 and call->refusal. */
int call_check_drive(struct call *call, const struct drive *drive);
/* Last: values of type drive-file become descriptors. 0, or -1 and call->refusal. */
int call_take_files(struct call *call);

/* What the script is good for: 0, or -1 and call->refusal. Does nothing for other commands. */
int call_check_trust(struct call *call);
/* What the profiles alone confine the call by; it depends on the trust. */
const struct confinement *call_profiles(const struct call *call);

/* The variables of the roles, then the command's, which win. */
struct variables call_environment(struct call *call);

#endif
