/* What only inputs of functions have, and what of a parameter waits for the whole configuration. */
#ifndef ROLEGATE_CONFIG_INPUTS_H
#define ROLEGATE_CONFIG_INPUTS_H

#include "config/schema.h"

struct own_validator;

/* Names that a parameter or an input uses, before they are known. */
struct pending_input {
	struct command *command;
	struct parameter *parameter; /* in its place in command->parameters */
	const char *shown_by;	     /* show_if: the name of the other input, or NULL */
	struct source show_if;
	const char *choices_from; /* the name of a function, or NULL */
	struct source choices;
	const struct own_validator *validator; /* or NULL: a built-in one, or none */
	struct source validate, default_value;
};

/* `show_if` and `choices_from`; `field` is the struct draft of config/parameters.h. */
schema_handler input_show_if, input_choices_from;

/*
 * The validator of that name, built in or the configuration's own, whether that has been read yet
 * or not; *own stays as it was for a built-in one.
 */
const struct validator *validator_use(
	struct reader *reader, const char *name, const struct own_validator **own);
/* The input of that name, or NULL. */
const struct parameter *input_find(const struct command *command, const char *name);

/*
 * The function that `key` of `user` names, or NULL after a problem. The first of its required
 * inputs that `user` can't hand over by name (`except` is none to hand over), or NULL.
 */
const struct command *link_function(struct loader *loader, const struct command *user,
	const char *key, const char *name, struct source source);
const char *link_missing_input(
	const struct command *other, const struct command *user, const struct parameter *except);
/*
 * The first input that is a secret of `user` and none of `other`, which gets it by that name: it
 * would stand in the record of that run. Or NULL.
 */
const char *link_told_secret(const struct command *other, const struct command *user);
/* Conditions and choices_from of all inputs. */
void link_inputs(struct loader *loader);

/* `validators`, a list of { name; pattern; message; }. */
schema_handler build_validators;

#endif
