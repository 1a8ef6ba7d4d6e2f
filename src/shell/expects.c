/* What a parameter takes, in words. */
#include <string.h>

#include "shell/catalogue.h"

enum { VALUES_NAMED = 24 };

static char *one_of(struct arena *arena, const struct strings *values)
{
	struct strings named = *values;

	if (values->count == 0)
		return arena_strdup(arena, "nothing");
	if (named.count > VALUES_NAMED)
		named.count = VALUES_NAMED;
	return arena_printf(arena, "%s%s%s",
		values->count == 1 ? "" : "one of: ", strings_join(arena, &named, ", "),
		named.count < values->count ? ", ..." : "");
}

static char *number(struct arena *arena, const struct catalogue_parameter *parameter)
{
	const char *least = parameter->minimum, *most = parameter->maximum;

	if (least[0] != '\0' && most[0] != '\0')
		return arena_printf(arena, "a whole number from %s to %s", least, most);
	if (least[0] != '\0')
		return arena_printf(arena, "a whole number, %s or more", least);
	if (most[0] != '\0')
		return arena_printf(arena, "a whole number, %s or less", most);
	return arena_strdup(arena, "a whole number");
}

/* By its definition alone. */
static char *defined(struct arena *arena, const struct catalogue_parameter *parameter)
{
	const char *type = parameter->type;

	if (strcmp(type, "integer") == 0)
		return number(arena, parameter);
	if (strcmp(type, "boolean") == 0)
		return arena_strdup(arena, "true or false");
	if (strcmp(type, "date") == 0)
		return arena_strdup(arena, "a date, such as 2026-01-31");
	if (strcmp(type, "drive-file") == 0)
		return arena_strdup(arena, "the name of a file in your drive (sftp, scp)");
	if (strcmp(type, "path") == 0)
		return parameter->under.count == 0
			       ? arena_strdup(arena, "an absolute path")
			       : arena_printf(arena, "a path under %s",
					 strings_join(arena, &parameter->under, " or "));
	if (parameter->pattern[0] != '\0')
		return arena_printf(arena, "what matches %s", parameter->pattern);
	if (parameter->validate[0] == '\0' || strcmp(parameter->validate, "none") == 0)
		return arena_strdup(arena, "any text");
	return arena_printf(arena, "what is valid as %s", parameter->validate);
}

char *catalogue_expects(struct arena *arena, const struct catalogue_parameter *parameter)
{
	if (parameter->secret)
		return arena_strdup(arena, "a secret");
	if (parameter->flag)
		return arena_strdup(arena, "no value: it is there or not");
	if (strcmp(parameter->allowed, "set") == 0)
		return one_of(arena, &parameter->values);
	if (parameter->patterns.count > 0)
		return arena_printf(arena, "what matches %s",
			strings_join(arena, &parameter->patterns, " or "));
	if (parameter->computed)
		return arena_strdup(arena, "one of those that there are now; Tab lists them");
	if (parameter->values.count > 0)
		return one_of(arena, &parameter->values);
	return defined(arena, parameter);
}

char *catalogue_label(struct arena *arena, const struct catalogue_parameter *parameter)
{
	char *text;

	if (parameter->options.count > 0)
		return strings_join(arena, &parameter->options, ", ");
	text = arena_strdup(arena, parameter->name);
	for (char *letter = text; *letter != '\0'; letter++)
		if (*letter >= 'a' && *letter <= 'z')
			*letter = (char)(*letter - 'a' + 'A');
	return text;
}
