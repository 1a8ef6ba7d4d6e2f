/* A parameter's own checks. Each returns NULL, or what it would have accepted. */
#include "policy/validate.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "policy/arguments.h"

_Static_assert(
	(int)ARGUMENT_LENGTH_MAX <= (int)PATTERN_SUBJECT_MAX, "a value that no pattern takes");

enum { CHOICES_SHOWN = 20 };

const char *validate_integer_range(struct arena *arena, const struct parameter *parameter)
{
	if (parameter->has_minimum && parameter->has_maximum)
		return arena_printf(arena, "a whole number from %" PRId64 " to %" PRId64,
			parameter->minimum, parameter->maximum);
	if (parameter->has_minimum)
		return arena_printf(
			arena, "a whole number, %" PRId64 " or more", parameter->minimum);
	if (parameter->has_maximum)
		return arena_printf(
			arena, "a whole number, %" PRId64 " or less", parameter->maximum);
	return "a whole number";
}

/* One spelling for each number: no plus, no leading zero, no "-0" (R8). */
static bool parse_integer(const char *value, int64_t *number)
{
	bool negative = value[0] == '-';
	const char *digit = value + negative;

	*number = 0;
	if (*digit == '\0' || (digit[0] == '0' && (digit[1] != '\0' || negative)))
		return false;
	for (; *digit != '\0'; digit++) {
		if (*digit < '0' || *digit > '9' || __builtin_mul_overflow(*number, 10, number) ||
			__builtin_sub_overflow(*number, *digit - '0', number))
			return false;
	}
	/* Counted downwards, as there is one more negative number than there are positive ones. */
	return negative || !__builtin_sub_overflow(0, *number, number);
}

static const char *check_integer(
	struct arena *arena, const struct parameter *parameter, const char *value)
{
	int64_t number;

	if (parse_integer(value, &number) &&
		!(parameter->has_minimum && number < parameter->minimum) &&
		!(parameter->has_maximum && number > parameter->maximum))
		return NULL;
	return validate_integer_range(arena, parameter);
}

static const char *expected_choice(struct arena *arena, const struct parameter *parameter)
{
	struct strings shown = parameter->choices;
	const char *more = "";

	if (shown.count > CHOICES_SHOWN) {
		shown.count = CHOICES_SHOWN;
		more = ", ...";
	}
	return arena_printf(arena, "one of: %s%s", strings_join(arena, &shown, ", "), more);
}

static bool is_beneath(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	if (strcmp(directory, "/") == 0)
		return true;
	return strncmp(path, directory, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

static const char *check_path(
	struct arena *arena, const struct parameter *parameter, const char *value)
{
	const struct strings *under = &parameter->under;

	if (text_is_canonical_path(value)) {
		if (under->count == 0)
			return NULL;
		for (size_t i = 0; i < under->count; i++)
			if (is_beneath(value, under->items[i]))
				return NULL;
	}
	if (under->count == 0)
		return "an absolute path without \".\" and \"..\"";
	return arena_printf(arena, "an absolute path without \".\" and \"..\" under %s",
		strings_join(arena, under, " or "));
}

/* A drive has no directories, so that a name is one of its files or of none. */
static const char *check_drive_file(const char *value)
{
	return validator_find("file-name")->accepts(value, strlen(value))
		       ? NULL
		       : "the name of a file in your drive";
}

static const char *check_type(
	struct arena *arena, const struct parameter *parameter, const char *value)
{
	switch (parameter->type) {
	case PARAMETER_STRING:
		return NULL;
	case PARAMETER_INTEGER:
		return check_integer(arena, parameter, value);
	case PARAMETER_CHOICE:
		/* What another function prints is asked for when everything else holds. */
		return parameter->choices_from != NULL ||
				       strings_contain(&parameter->choices, value)
			       ? NULL
			       : expected_choice(arena, parameter);
	case PARAMETER_PATH:
		return check_path(arena, parameter, value);
	case PARAMETER_DRIVE_FILE:
		return check_drive_file(value);
	case PARAMETER_BOOLEAN:
		return strcmp(value, "true") == 0 || strcmp(value, "false") == 0
			       ? NULL
			       : "true or false";
	case PARAMETER_DATE: {
		const struct validator *date = validator_find("date");

		return date->accepts(value, strlen(value)) ? NULL : date->expected;
	}
	case PARAMETER_TEXT:
		return NULL;
	case PARAMETER_FLAG:
		return value[0] == '\0' || strcmp(value, "true") == 0 ? NULL : "no value";
	}
	return "a value of a known type";
}

/* What every value has to be, whatever its type. */
static const char *check_bytes(
	struct arena *arena, const struct parameter *parameter, const char *value)
{
	size_t length = strlen(value), limit = parameter->max_length;

	if (limit == 0 || limit > ARGUMENT_LENGTH_MAX)
		limit = ARGUMENT_LENGTH_MAX;
	if (length > limit)
		return arena_printf(arena, "at most %zu bytes", limit);
	if (parameter->type == PARAMETER_TEXT)
		return text_refused_lines(value, length) == length
			       ? NULL
			       : "text without control characters but line ends and tabs";
	if (text_refused(value, length) != length)
		return "text without control characters";
	return NULL;
}

/* A value that looks like an option is one to some programs (R39). */
static const char *check_dash(
	struct arena *arena, const struct parameter *parameter, const char *value)
{
	bool integer = parameter->type == PARAMETER_INTEGER;
	bool negative = integer && parameter->has_minimum && parameter->minimum < 0;

	if (value[0] != '-' || parameter->leading_dash || negative)
		return NULL;
	return integer ? validate_integer_range(arena, parameter)
		       : "a value that doesn't start with \"-\"";
}

static const char *check_validator(
	struct arena *arena, const struct parameter *parameter, const char *value)
{
	const struct validator *validator = parameter->validate;

	switch (validator_accepts(
		validator, value, strlen(value), parameter->type == PARAMETER_TEXT)) {
	case PATTERN_MATCH:
		return NULL;
	case PATTERN_LIMIT:
		return arena_printf(arena,
			"a value that the pattern of validator \"%s\" can decide on within the "
			"limits",
			validator->name);
	case PATTERN_NO_MATCH:
		break;
	}
	return validator->expected;
}

static const char *check_value(
	struct arena *arena, const struct parameter *parameter, const char *value)
{
	const char *expected = check_bytes(arena, parameter, value);

	if (expected == NULL)
		expected = check_dash(arena, parameter, value);
	if (expected == NULL)
		expected = check_type(arena, parameter, value);
	if (expected == NULL && parameter->validate != NULL)
		expected = check_validator(arena, parameter, value);
	return expected;
}

const char *validate_value(
	struct arena *arena, const struct parameter *parameter, const char *value)
{
	const char *expected = check_value(arena, parameter, value);

	if (expected == NULL && parameter->has_pattern) {
		switch (pattern_match(&parameter->pattern, value, strlen(value))) {
		case PATTERN_MATCH:
			return NULL;
		case PATTERN_LIMIT:
			return "a value that its pattern can decide on within the limits";
		case PATTERN_NO_MATCH:
			expected = arena_printf(
				arena, "a value that matches %s", parameter->pattern.text);
		}
	}
	return expected != NULL && parameter->message != NULL ? parameter->message : expected;
}
