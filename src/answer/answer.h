/*
 * Decisions and permissions as JSON and as text: one place, so that rolegate --json, rolegatectl
 * explain and the gateway give the same. Strings are in `arena`; JSON is compact, one line, no
 * line end; text ends its last line. Pure.
 */
#ifndef ROLEGATE_ANSWER_H
#define ROLEGATE_ANSWER_H

#include "base/arena.h"
#include "policy/decide.h"

/* What a function said of itself, as far as it is for whoever is answered. */
struct answer_message {
	const char *type;  /* "success", "warning", "error", "invalid" */
	const char *input; /* NULL: of none */
	const char *text;
};

struct answer_result {
	const char *outcome; /* "success", "invalid-input", "error" */
	struct answer_message *messages;
	size_t count;
	bool truncated; /* there were more */
};

struct answer_facts {
	const char *request; /* id, or NULL: left out */
	unsigned long approval; /* number in the queue of approvals; 0: none */
	const char *run_as;  /* resolved account; NULL: the decision's */
	const char *contact; /* whom to ask about a denial; NULL: nobody is named */
	const char *act_as;  /* whose rights were used; NULL: the operator's own */
	int status;          /* exit status of the run; -1: not run */
	int signal;          /* 0: none */
	bool timed_out;
	const struct answer_result *result; /* of a function that ran; NULL: none */
};

/*
 * {request, approval, act_as, decision: "allow"|"deny", reason, message, contact, command, program,
 * argv, run_as, profile, profiles: [], roles: [], sources: [{role, file, line, parameter}],
 * restrictions: {field: {value, sources: [{profile, file, line}]}}, areas: [{provider, role, file,
 * line}], timeout, transcript: "required"|"best-effort", transcript_input: true, word, parameter,
 * status, signal, timed_out, result: {outcome, messages: [{type, input, text}], truncated}}; what
 * does not apply is left out. Restrictions and areas are not for an operator. For an operator
 * (`for_operator`) a denial has no sources: what others may do is not theirs to know (R24). A
 * function has also kind, inputs: {name: [..]} and, not for an operator, script: "sha256:…"; no
 * answer has the text of a script.
 */
char *answer_decision_json(struct arena *arena, const struct decision *decision,
	const struct answer_facts *facts, bool for_operator);

/*
 * What a set of roles may run. JSON: {user?, roles, endpoint, motd, contact, pipelines, commands:
 * [{name, kind: "function" of one, description, run_as, program, profile, class, transcript,
 * transcript_input, terminal: "required", external, enabled, parameters: [{name, description, type,
 * options, position, required, repeat, default, secret, choices, minimum, maximum, choices_from,
 * show_if: {input, values}, validate, allowed: "any"|"set"|"pattern", values: [..], sources:
 * [..]}], sources: [..]}], aliases: [{name, command}], providers: [..]}. `with_sources` only for
 * rolegatectl show: then a parameter's sources have the `values` of each, and `ignored` is what
 * rule 7 took away. At an endpoint of single roles a command is listed once for each different
 * permission, with the `role`. Text: a line with the command's usage, then indented parameters.
 */
char *answer_list_json(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const char *user,
	bool with_sources);
char *answer_list_text(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const char *user,
	bool with_sources);

/*
 * One command of the above, with all its values, and examples: [[word, ..], ..], calls that these
 * roles may make (answer/examples.h). NULL when the words name nothing that the roles may
 * run. JSON is {name, alternatives: [..]} where single roles differ.
 */
char *answer_describe_json(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const char *const *words,
	size_t count);
char *answer_describe_text(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const char *const *words,
	size_t count);

/*
 * One profile: {name, description, extends, built_in, if_unsupported, file, line, restrictions:
 * {field: {value, sources: [{profile, file, line}]}}}; or all of them: {profiles: [..]}.
 */
char *answer_profile_json(struct arena *arena, const struct profile *profile);
char *answer_profile_text(struct arena *arena, const struct profile *profile);
char *answer_profiles_json(struct arena *arena, const struct policy *policy);
char *answer_profiles_text(struct arena *arena, const struct policy *policy);

/* What confines a run that a decision allows: a line for each field, from column `indent` on. */
char *answer_confinement_text(struct arena *arena, const struct decision *decision, size_t indent);

#endif
