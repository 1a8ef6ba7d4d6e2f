/* Inside psrc.c and its neighbours. */
#ifndef ROLEGATE_AUTHOR_PSRC_PARTS_H
#define ROLEGATE_AUTHOR_PSRC_PARTS_H

#include "author/psd1.h"
#include "author/psrc.h"

/* One file on its way. Grants are texts of list elements. */
struct psrc_import {
	struct arena *arena;
	const struct policy *policy; /* or NULL */
	const struct psd1_value *table;
	struct losses *losses;
	struct strings commands, functions; /* that are defined */
	struct strings unknown;		    /* grants of names that nothing defines */
	struct strings externals;
	struct strings aliases, visible_aliases; /* aliases: definitions */
	struct strings providers;
	struct strings variables;
	struct strings scripts; /* FunctionDefinitions, as comments */
};

/* "VisibleCmdlets, line 12". */
const char *psrc_origin(const struct psrc_import *import, const char *key, unsigned line);
/* The member's elements, one if it is no array; each that has another kind is a loss. */
struct psd1_value **psrc_elements(struct psrc_import *import, const char *key, size_t *count);
/* A string member of an element, or NULL. */
const char *psrc_text(const struct psd1_value *table, const char *key);

/* VisibleCmdlets and VisibleFunctions. */
void psrc_grants(struct psrc_import *import, const char *key);
/* External commands, providers, aliases, functions that it defines, variables. */
void psrc_others(struct psrc_import *import);
/* The command or function of that name, whatever the case of its letters; NULL. */
const struct command *psrc_command(const struct psrc_import *import, const char *name);
/* A grant as text: `command` NULL is one that nothing defines, whose parameters are as written. */
char *psrc_grant(struct psrc_import *import, const char *origin, const char *name,
	const struct command *command, const struct psd1_value *parameters);

#endif
