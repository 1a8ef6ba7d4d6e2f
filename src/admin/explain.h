/* The pieces of `explain`: the call asked about, its decision, and the two ways to say it. */
#ifndef ROLEGATE_ADMIN_EXPLAIN_H
#define ROLEGATE_ADMIN_EXPLAIN_H

#include "admin/nearest.h"
#include "admin/options.h"
#include "admin/person.h"
#include "policy/line.h"

struct explanation {
	const char *line; /* as given with --line, or NULL */
	struct strings words;
	struct line_error error; /* column not 0: the line was refused, which `decision` says too */
	struct decision decision;
	struct nearest nearest;
};

/* Splits a line into words and decides; `nearest` is left empty. */
void explain_line(struct arena *arena, const struct person *person, const char *line,
	struct explanation *explanation);
void explain_words(struct arena *arena, const struct person *person, const struct strings *words,
	struct explanation *explanation);

/* One object, one line, without a line end. */
char *explain_json(
	struct arena *arena, const struct person *person, const struct explanation *explanation);
/* Several lines, safe for a terminal. */
void explain_print(
	struct arena *arena, const struct person *person, const struct explanation *explanation);

/* --batch FILE. */
int batch_run(struct arena *arena, const struct policy *policy, const struct options *options);

/* Whether the gateway runs it only once somebody has approved it; what is approved, only it knows. */
bool explain_needs_approval(const struct person *person, const struct decision *decision);

#endif
