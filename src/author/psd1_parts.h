/* Inside psd1.c and its neighbours. */
#ifndef ROLEGATE_AUTHOR_PSD1_PARTS_H
#define ROLEGATE_AUTHOR_PSD1_PARTS_H

#include <stdbool.h>

#include "author/psd1.h"

struct psd1_parser {
	struct arena *arena;
	const char *at, *end; /* UTF-8 without a NUL; a NUL stands at `end` */
	char *scratch;	      /* room for the longest string */
	unsigned line;
	unsigned depth;
	const char *complaint; /* NULL: nothing is wrong yet */
	unsigned wrong_line;
};

/* Remembers the first complaint; NULL, to be returned. */
void *psd1_fail(struct psd1_parser *parser, unsigned line, const char *complaint);
bool psd1_at(const struct psd1_parser *parser, const char *text);

/* Blanks and comments; with `lines`, line ends and ";" too. False after a complaint. */
bool psd1_skip(struct psd1_parser *parser, bool lines);

/* An empty value of this line. */
struct psd1_value *psd1_new(struct psd1_parser *parser, enum psd1_kind kind);
/* Bytes of a word at `at`: letters, digits and "_". */
size_t psd1_word_length(const char *at);
/* $true, $false, $null; a number. NULL: a complaint. */
struct psd1_value *psd1_constant(struct psd1_parser *parser);
struct psd1_value *psd1_number(struct psd1_parser *parser);
/* What begins at parser->at: a quoted string, a here-string, a script block. NULL: a complaint. */
struct psd1_value *psd1_string(struct psd1_parser *parser);
struct psd1_value *psd1_script(struct psd1_parser *parser);

/*
 * Bytes of a file as UTF-8 in the arena, its length in *length, a NUL behind it. NULL with
 * *complaint.
 */
char *psd1_text(struct arena *arena, const char *bytes, size_t *length, const char **complaint);

#endif
