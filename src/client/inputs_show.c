/* What the person sees of a call that is not complete: safe for a terminal (R32). */
#include <string.h>

#include "base/text.h"
#include "client/asking.h"
#include "client/question.h"
#include "policy/line.h"

enum { LISTED_MAX = 200 };

const char *asking_safe(struct asking *asking, const char *text)
{
	return text_escape(asking->arena, text, strlen(text));
}

void asking_say(struct asking *asking, const char *text)
{
	question_say(asking->tty, text);
}

static const char *kind_of(struct asking *asking, const struct form_input *input)
{
	if (strcmp(input->type, "integer") == 0 && input->minimum != NULL && input->maximum != NULL)
		return arena_printf(asking->arena, "a whole number from %s to %s", input->minimum,
			input->maximum);
	if (strcmp(input->type, "integer") == 0)
		return "a whole number";
	if (strcmp(input->type, "boolean") == 0)
		return "true or false";
	if (form_is_flag(input))
		return "yes or no";
	if (strcmp(input->type, "date") == 0)
		return "a date, YYYY-MM-DD";
	if (strcmp(input->type, "path") == 0)
		return "a path";
	if (strcmp(input->type, "text") == 0)
		return "lines, the last one a single \".\"";
	return NULL;
}

/* "wait: Minutes to wait for sessions (a whole number from 1 to 60)", where there is more than a
 * name. */
void asking_introduce(struct asking *asking, const struct form_input *input)
{
	const char *kind = kind_of(asking, input), *text = "";
	bool optional = !input->required && input->default_value == NULL;

	if (input->description != NULL)
		text = arena_printf(asking->arena, ": %s", asking_safe(asking, input->description));
	if (kind != NULL)
		text = arena_printf(asking->arena, "%s (%s)", text, kind);
	if (optional)
		text = arena_printf(asking->arena, "%s; empty: leave it out", text);
	asking_say(asking, "\n");
	if (text[0] != '\0' || input->is_list || input->computed)
		asking_say(asking, arena_printf(asking->arena, "%s%s\n",
					   asking_safe(asking, input->name), text));
}

void asking_list_values(struct asking *asking, const struct form_input *input)
{
	size_t count = input->values.count < LISTED_MAX ? input->values.count : LISTED_MAX;

	for (size_t i = 0; i < count; i++)
		asking_say(asking, arena_printf(asking->arena, "  %zu) %s\n", i + 1,
					   asking_safe(asking, input->values.items[i])));
	if (count < input->values.count)
		asking_say(asking, arena_printf(asking->arena, "  ... and %zu more\n",
					   input->values.count - count));
}

const char *asking_label(struct asking *asking, const struct form_input *input)
{
	const char *name = asking_safe(asking, input->name);

	if (input->answered.count > 0)
		return arena_printf(asking->arena, "%s, one more (empty: no more): ", name);
	if (input->default_value != NULL && !input->secret)
		return arena_printf(asking->arena, "%s [%s]: ", name,
			asking_safe(asking, input->default_value));
	return arena_printf(asking->arena, "%s: ", name);
}

void asking_show_line(struct asking *asking)
{
	struct strings shown = form_words(asking->arena, asking->form, true);

	asking_say(asking,
		arena_printf(asking->arena, "\nThe same in one line: %s\n",
			asking_safe(asking, line_quote(asking->arena, shown.items, shown.count))));
}
