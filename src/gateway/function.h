/*
 * The steps of a request that functions have besides those of commands: prepare.c and run.c call
 * them in their places. Each does nothing for a command that they don't concern. int: 0, or -1 and
 * denied.
 */
#ifndef ROLEGATE_GATEWAY_FUNCTION_H
#define ROLEGATE_GATEWAY_FUNCTION_H

#include "gateway/report.h"
#include "gateway/request.h"

/*
 * content.c: whether the script is still what was loaded; else it is read and decided on anew.
 * Called with a denial too: what is not trusted may have been put right since.
 */
int request_check_content(struct request *request);
/*
 * Once the program is open and the account known: whether what will be executed is the interpreter
 * that is trusted, else it is decided on anew; and that nothing but a script of level "system" runs
 * as uid 0, by whatever name.
 */
int request_check_interpreter(struct request *request);
/* choices.c: values of inputs whose choices another function computes. */
int request_check_choices(struct request *request);
/*
 * approve.c: what needs an approval has one, or goes to the queue and is denied. Called with a
 * denial too: where the endpoint learns, what was refused goes to the queue, or was approved.
 */
int request_check_approval(struct request *request);
/*
 * The last check: what it is approved by still counts, and an approval that is good for one run is
 * used up, by this run alone.
 */
int request_use_approval(struct request *request);
/* startup.c: the functions of the person's roles that run once in a session, before all else. */
int request_check_startup(struct request *request);
/* inputs.c: descriptors of the function's own. */
int request_open_inputs(struct request *request);
/* transact.c: the directories that it works on a copy of. */
int request_open_transaction(struct request *request);
/*
 * Its changes hold, or are thrown away and what else it did is undone by the function that does
 * that. `success`: what the function itself came to. -1: it is none, since its changes don't hold.
 */
int transaction_conclude(struct request *request, bool success, struct run_end *end);
/* When its end is recorded. */
void request_close_transaction(struct request *request);

/*
 * conclude.c: the program has ended. What it said of itself, whether its changes hold, the function
 * that undoes the rest; `end` becomes what is recorded and told.
 */
void request_conclude(struct request *request, struct run_end *end);
/* What the operator is told of it, in the request's arena; NULL for a command. */
struct answer_result;
struct answer_result *request_result(const struct request *request, const struct run_end *end);
/* Drops half of it, successes and warnings first. False when there was nothing left. */
bool request_result_shrink(struct answer_result *result);
/* Whether the operator may see a line: not an error, where errors are not shown. */
bool request_shows(const struct request *request, const struct outcome_line *line);

enum {
	NESTED_OUTPUT_MAX = 64 * 1024, /* bytes of its standard output */
	NESTED_SECONDS = 60,	       /* where neither it nor its profile says another timeout */
};

/* What a nested run printed, and how it ended. */
struct nested {
	/* The caller's: */
	bool regardless; /* it goes on when the client is gone (rollback) */
	bool unrelated;	 /* to the outer request's own command, which may be the same (start-up) */

	const char *output; /* "" but for a good end; in the outer request's arena, as all text here */
	size_t length;
	int status;	       /* of exit(3); -1: it did not end by itself */
	const char *request;   /* its id; "" */
	const char *complaint; /* why nothing was run, or it did not end well; NULL */
};

/*
 * nested.c: runs a function that the configuration names, not the person: a request of its own,
 * with records of its own that say for which one, the same account rules, profile, trust and
 * approval. `words`: its name and inputs. Its standard input is empty, its standard error is nobody's.
 * Its end is the client's end too, unless it runs regardless of that (R16). 0 when it ended with
 * status 0, else -1 with a complaint.
 */
int request_nested(struct request *outer, const struct command *command,
	const struct strings *words, struct nested *nested);

/* choices.c: what calls `function` with those of the inputs of `command` that have its names. */
struct strings nested_words(struct arena *arena, const struct command *function,
	const struct command *command, const struct arguments *inputs);

#endif
