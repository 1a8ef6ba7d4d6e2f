/* The one way from words to a decision. Pure. */
#ifndef ROLEGATE_DECIDE_H
#define ROLEGATE_DECIDE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/strings.h"
#include "policy/arguments.h"
#include "policy/merge.h"
#include "policy/policy.h"
#include "policy/reason.h"
#include "policy/roles.h"

enum verdict {
	VERDICT_DENY = 0,
	VERDICT_ALLOW = 0x3c96e15a, /* wide, so that no single bit makes it of the zero (R43) */
};

/* A grant, constraint or alias that took part, for explain and the records. */
struct decision_source {
	const char *role;
	struct source source;
	const char *parameter; /* or NULL: the command as a whole */
};

/* A file area that a role makes visible to the run. */
struct decision_area {
	const struct provider *provider;
	const char *role; /* the first of the roles that sees it */
	struct source source;
};

struct decision {
	enum verdict verdict;
	enum reason reason;
	const char *detail; /* one sentence for the person; NULL when allowed */
	size_t word;        /* index of the word that failed; SIZE_MAX: none */
	const struct command *command; /* NULL when unknown or not granted */
	const struct parameter *parameter; /* that failed, or NULL */
	const char *program;           /* the rest is set only when allowed */
	struct strings argv;           /* what execve gets */
	struct strings shown;          /* the same without secrets */
	const char *run_as;            /* account name or "caller" */
	const char *profile;           /* the command's, else the endpoint's, else "standard" */
	const struct confinement *confinement; /* what the run is confined by; NULL: none is known,
	                                          and nothing may run */
	unsigned timeout;              /* seconds, of the command or its profile; 0: none */
	struct decision_area *areas;   /* what the restriction's file lists come from, if it is
	                                  limited to providers */
	size_t area_count;
	struct strings roles;          /* the roles that grant it, sorted */
	struct decision_source *sources; /* also set for a denial: the grants that came nearest */
	size_t source_count;
	struct transcript_rule transcript; /* whether the run is written down */
	struct variables environment; /* of the person's roles, then the command's, which wins */
	const struct drive *drive;   /* when allowed: it is the drive's own command; else NULL */
	struct decision_file *files; /* when allowed: what it takes from the caller's drive */
	size_t file_count;
	/* Of a function, when allowed: */
	struct arguments inputs;    /* by index of its parameters; hidden ones have no value */
	struct trust_verdict trust; /* what `profile` and `confinement` follow from; of a denial
	                               too, as far as it was judged */
};

/* What is known of the caller's streams. */
enum terminal {
	TERMINAL_UNKNOWN = 0, /* a question, which has none; nobody is refused for it */
	TERMINAL_NONE,
	TERMINAL_THERE
};

struct decision_request {
	const struct policy *policy;
	const struct endpoint *endpoint; /* NULL: none known, merge by JEA's rules */
	const struct role_set *roles;
	const char *const *words; /* the command's name and its arguments */
	size_t count;
	/*
	 * Of a function's script, when it is about to run: what is there now. NULL: as it was at the
	 * load.
	 */
	const struct script_content *content;
	const char *interpreter_digest; /* of its interpreter now; NULL: as at the load too */
	/*
	 * Not a person's call but the gateway's own, of a function that another one names
	 * (choices, rollback, start-up) or of what was approved word for word: no grant is
	 * needed, everything else holds.
	 */
	const struct command *ungranted; /* NULL: a person's call */
	enum terminal terminal;
};

/*
 * The longest name that matches wins, aliases included. Every word is checked against
 * text_refused(); no words at all is REASON_SYNTAX. Always fills `decision`.
 */
void decide(struct arena *arena, const struct decision_request *request, struct decision *decision);

/*
 * The command that the words name for this set of roles, and how many words the name took; NULL
 * when unknown or not granted. For describe and completion.
 */
const struct command *decide_command(const struct policy *policy, const struct role_set *roles,
	const char *const *words, size_t count, size_t *name_words);
/* The same whether or not it is granted: for approvals, and never for an answer (R24). */
const struct command *decide_defined(const struct policy *policy, const struct role_set *roles,
	const char *const *words, size_t count, size_t *name_words);

#endif
