/* A parameter while it is read, and the rules that a table of keys can't say. */
#ifndef ROLEGATE_CONFIG_PARAMETERS_H
#define ROLEGATE_CONFIG_PARAMETERS_H

#include <stdbool.h>

#include "config/inputs.h"
#include "config/schema.h"

enum { PARAMETERS_MAX = 256 }; /* of one command */

/* In the order of the table in parameters.c. */
enum parameter_key {
	KEY_NAME,
	KEY_TYPE,
	KEY_DESCRIPTION,
	KEY_OPTIONS,
	KEY_POSITION,
	KEY_VALIDATE,
	KEY_PATTERN,
	KEY_CHOICES,
	KEY_MINIMUM,
	KEY_MAXIMUM,
	KEY_UNDER,
	KEY_REQUIRED,
	KEY_REPEAT,
	KEY_SECRET,
	KEY_COMMON,
	KEY_MESSAGE,
	KEY_MAX_LENGTH,
	KEY_LEADING_DASH,
	KEY_DEFAULT,
	KEY_SHOW_IF,
	KEY_CHOICES_FROM,
	KEY_COUNT,
};

struct draft {
	struct parameter parameter; /* first: the table's offsets are into it */
	struct pending_input input;
	bool function; /* it is the input of one */
	unsigned max_length;
	bool present[KEY_COUNT + 1];
};

/* "parameter", or "input" of a function. */
const char *parameter_kind(bool function);

/* One parameter that was read without a problem: do its keys go together? */
void parameter_check(
	struct reader *reader, const config_setting_t *group, const struct draft *draft);

/* All of a command: names and options given twice; positions 1 to n without gaps. */
void parameters_check_names(struct reader *reader, const struct command *command);
void parameters_check_positions(struct reader *reader, struct command *command);

#endif
