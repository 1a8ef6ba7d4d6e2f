/* The answers as words of the call. */
#include <string.h>

#include "client/form.h"

static const char *spelling(const struct form_input *input)
{
	for (size_t i = 0; i < input->options.count; i++)
		if (strncmp(input->options.items[i], "--", 2) == 0)
			return input->options.items[i];
	return input->options.items[0];
}

static const char *for_the_eye(
	struct arena *arena, const struct form_input *input, const char *value)
{
	size_t lines = 1;

	if (input->secret)
		return "<secret>";
	for (const char *at = value; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	return lines == 1 ? value : arena_printf(arena, "<text of %zu lines>", lines);
}

static void add_option(struct arena *arena, const struct form_input *input, const char *value,
	struct strings *words)
{
	const char *option = spelling(input);

	if (form_is_flag(input)) {
		if (strcmp(value, "true") == 0)
			strings_add(arena, words, option);
	} else if (strncmp(option, "--", 2) == 0) {
		strings_add(arena, words, arena_printf(arena, "%s=%s", option, value));
	} else {
		strings_add(arena, words, option);
		strings_add(arena, words, value);
	}
}

static void add_answers(
	struct arena *arena, const struct form_input *input, bool masked, struct strings *words)
{
	for (size_t i = 0; i < input->answered.count; i++) {
		const char *value = input->answered.items[i];

		if (masked)
			value = for_the_eye(arena, input, value);
		if (input->options.count > 0)
			add_option(arena, input, value, words);
		else
			strings_add(arena, words, value);
	}
}

/* Secrets among the words as they were are masked too. */
static const char *given_word(struct arena *arena, const struct form *form, const char *word)
{
	for (size_t i = 0; i < form->count; i++) {
		const struct form_input *input = &form->inputs[i];
		size_t length = strcspn(word, "=");

		for (size_t j = 0; input->secret && j < input->given.count; j++) {
			if (strcmp(word, input->given.items[j]) == 0)
				return "<secret>";
			if (word[length] == '=' &&
				strcmp(word + length + 1, input->given.items[j]) == 0)
				return arena_printf(arena, "%.*s=<secret>", (int)length, word);
		}
	}
	return word;
}

static const struct form_input *answered_operand(const struct form *form, size_t position)
{
	for (size_t i = 0; i < form->count; i++)
		if (form->inputs[i].options.count == 0 && form->inputs[i].position == position)
			return &form->inputs[i];
	return NULL;
}

/* Options first, for there may be a "--" among the words; operands by their positions. */
struct strings form_words(struct arena *arena, const struct form *form, bool masked)
{
	struct strings words = {0};
	size_t name = form_name_words(form);

	for (size_t i = 0; i < name; i++)
		strings_add(arena, &words, form->words.items[i]);
	for (size_t i = 0; i < form->count; i++)
		if (form->inputs[i].options.count > 0)
			add_answers(arena, &form->inputs[i], masked, &words);
	for (size_t i = name; i < form->words.count; i++)
		strings_add(arena, &words,
			masked ? given_word(arena, form, form->words.items[i])
			       : form->words.items[i]);
	for (size_t position = 1; position <= form->count; position++) {
		const struct form_input *operand = answered_operand(form, position);

		if (operand != NULL)
			add_answers(arena, operand, masked, &words);
	}
	return words;
}
