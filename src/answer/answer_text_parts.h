/* The parts of a text about permissions: answer_text*.c alone. */
#ifndef ROLEGATE_ANSWER_TEXT_PARTS_H
#define ROLEGATE_ANSWER_TEXT_PARTS_H

#include "answer/entry.h"
#include "answer/page.h"

enum { TEXT_INDENT = 4 };

struct answer_text {
	struct output output;
	const struct endpoint *endpoint;
	bool with_sources;
	bool all_values; /* else long lists are cut */
	size_t column;	 /* where the values of the current command stand */
};

/* "HOW role NAME (file:line)". `wildcard`: the name with * that matched, or NULL. */
void answer_text_source(struct answer_text *text, size_t indent, const char *how,
	const struct role *role, struct source source, const char *wildcard);
/* As they are typed, with a separator; the last of a cut list says how many are missing. */
struct strings answer_text_list(const struct answer_text *text, const struct strings *values,
	const char *separator, bool quoted);
/* One command or function, with its parameters. */
void answer_text_entry(struct answer_text *text, const struct entry *entry);
/* Its parameters alone. */
void answer_text_parameters(struct answer_text *text, const struct permission *permission);

#endif
