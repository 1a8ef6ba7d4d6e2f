/* A call of a function on its way to be complete: what it takes, and what it has. Pure. */
#ifndef ROLEGATE_CLIENT_FORM_H
#define ROLEGATE_CLIENT_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/strings.h"

struct form_input {
	const char *name, *type;
	const char *description, *default_value, *minimum, *maximum; /* or NULL */
	bool required, secret, computed; /* computed: its choices, by another function */
	bool is_list;			 /* `values` are all that there is */
	struct strings values;
	struct strings options;
	size_t position, repeat;
	const char *shown_by; /* the input whose value decides whether it is there; NULL: always */
	struct strings shown_for;
	struct strings given;	 /* of the words that there were */
	struct strings answered; /* by the person */
	bool skipped;		 /* by the person */
};

struct form {
	const char *name;
	struct form_input *inputs;
	size_t count;
	struct strings words; /* that there were */
};

/*
 * From what DESCRIBE answers and the words of a call. NULL when that is no function, or none that
 * all roles describe alike.
 */
struct form *form_read(struct arena *arena, const char *json, const struct strings *words);

/* How many words of the call are its name: one if it was called by an alias. */
size_t form_name_words(const struct form *form);
bool form_is_flag(const struct form_input *input);
bool form_has(const struct form_input *input);
/* By the values that are there, given or by default. */
bool form_shows(const struct form *form, const struct form_input *input);
/* Whether something is required and not there. */
bool form_lacks(const struct form *form);

/*
 * The words with the answers. `masked`: for the eye, with secrets and what no line can hold left
 * out.
 */
struct strings form_words(struct arena *arena, const struct form *form, bool masked);

#endif
