/*
 * How a function's script gets its inputs: never in its text. As variables, and all together as one
 * JSON object in a sealed file in memory. Facts of the gateway come the same way.
 */
#ifndef ROLEGATE_INPUTS_H
#define ROLEGATE_INPUTS_H

#include "base/arena.h"
#include "policy/decide.h"

/* What the gateway knows of the run: "rolegate_builtin_user" and so on. */
struct inputs_facts {
	const char *user;   /* the operator's account */
	const char *act_as; /* whose rights they are; the operator's own: the same as `user` */
	const char *run_as;
	const char *request;
	const char *endpoint;
	const char *role;   /* of all that grant it, joined by "," */
	const char *target; /* the host it runs on: "localhost" */
	bool has_output;    /* there is a descriptor for typed lines */
};

/*
 * Added to `variables`: for each input that has a value "rolegate_input_NAME" (of several values
 * one a line; of a flag that is set "true"), for each fact "rolegate_builtin_NAME".
 * rolegate_builtin_inputs and rolegate_builtin_output are descriptor numbers (spawn/spawn.h).
 */
void inputs_variables(struct arena *arena, const struct command *command,
	const struct arguments *inputs, const struct inputs_facts *facts,
	struct variables *variables);

/*
 * {"inputs": {NAME: string | number | true | false | [..]}, "builtin": {NAME: ..}}: numbers for
 * integers, truth values for flags and booleans, lists for what may be repeated; an input without
 * a value is left out. One line, in `arena`; NULL: a value is no UTF-8, or there was no memory.
 */
char *inputs_json(struct arena *arena, const struct command *command,
	const struct arguments *inputs, const struct inputs_facts *facts);

/* What the first inputs_json() would spend time on: it may be done before there is a run. */
void inputs_prepare(void);

/* A sealed file in memory with `text`, open for reading alone, at its start; or -1 and errno. */
int inputs_open(const char *text);

#endif
