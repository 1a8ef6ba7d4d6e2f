/*
 * PowerShell data files, as New-PSRoleCapabilityFile writes them: one hashtable of strings,
 * numbers, $true, $false, $null, arrays, hashtables and script blocks. Nothing is evaluated: what
 * would need that (a variable, an expression, a string with "$(...)" in it) is refused. Pure.
 *
 * about_Data_Files, about_Quoting_Rules, about_Hash_Tables of PowerShell.
 */
#ifndef ROLEGATE_AUTHOR_PSD1_H
#define ROLEGATE_AUTHOR_PSD1_H

#include <stddef.h>

#include "base/arena.h"

enum {
	PSD1_SIZE_MAX = 1024 * 1024, /* bytes of a file */
	PSD1_DEPTH_MAX = 32,	     /* hashtables and arrays in each other */
	PSD1_KEYS_MAX = 4096,	     /* of one hashtable */
};

enum psd1_kind {
	PSD1_NULL,
	PSD1_BOOLEAN, /* text "true" or "false" */
	PSD1_NUMBER,  /* text as written: a decimal or hexadecimal number */
	PSD1_STRING,
	PSD1_SCRIPT, /* { ... }: text is what stands between the braces */
	PSD1_ARRAY,
	PSD1_TABLE,
};

struct psd1_value {
	enum psd1_kind kind;
	unsigned line;
	const char *text;
	struct psd1_value **items; /* of an array, or the values of a hashtable */
	const char **keys;	   /* of a hashtable; different but for the case of letters */
	size_t count;
};

/*
 * The hashtable of a file (UTF-8, or UTF-16 with a byte order mark), in `arena`; NULL with
 * *complaint, safe for a terminal, and *line (0: the file as a whole).
 */
struct psd1_value *psd1_parse(struct arena *arena, const char *bytes, size_t length,
	const char **complaint, unsigned *line);

/* A member of a hashtable, whatever the case of its letters; NULL: there is none. */
const struct psd1_value *psd1_member(const struct psd1_value *table, const char *key);
/* "a string", "an array", ... */
const char *psd1_kind_name(enum psd1_kind kind);

#endif
