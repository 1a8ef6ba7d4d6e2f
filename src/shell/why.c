/* The last refusal in plain words, from what the gateway said and what the operator may run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "shell/listing.h"
#include "shell/shell.h"
#include "shell/suggest.h"

static const char roles[] = "whoever keeps the roles of this host",
		  gateway[] = "whoever looks after the gateway of this host",
		  approvers[] = "an approver of this endpoint";

static const struct {
	const char *code, *meaning, *whom;
} reasons[] = {
	{"syntax",
		"A shell would expand or run a part of that line. There is no shell here, and "
		"what is typed must not mean two things: quote it if it is text.",
		NULL},
	{"not-permitted",
		"Your roles at this endpoint grant no command of that name. Whether there "
		"is one is not told. \"commands\" lists what you may run.",
		roles},
	{"parameter-not-allowed", "You may run the command, but not with that option or operand.",
		roles},
	{"value-not-allowed", "The value is a possible one, but your roles allow you others.",
		roles},
	{"invalid-value", "The command's definition refuses that value, whoever gives it.", NULL},
	{"missing-parameter", "The command needs more than was given.", NULL},
	{"disabled", "The command is switched off, for everybody.", roles},
	{"pending-approval",
		"Somebody else has to approve it first. To ask again changes nothing; "
		"run the same line when it is approved.",
		approvers},
	{"untrusted",
		"The script is not the one that was trusted here, so it is not run before "
		"somebody has looked at it.",
		roles},
	{"blocked-by-profile", "A profile of this endpoint forbids it, whatever your roles grant.",
		roles},
	{"no-role", "You have no role at this endpoint.", roles},
	{"not-identified", "The gateway could not be sure who you are.", gateway},
	{"authentication-failed", "You were asked to prove who you are, and did not.", NULL},
	{"account-refused", "The account that it would be run as, or for, is not to be used so.",
		roles},
	{"limit", "It is more than one may ask for, or have open, at a time.", gateway},
	{"gateway-error", "The gateway could not do its part, so it ran nothing.", gateway},
};

enum { REASON_COUNT = sizeof(reasons) / sizeof(reasons[0]) };

static size_t reason_of(const char *code)
{
	for (size_t i = 0; i < REASON_COUNT; i++)
		if (strcmp(reasons[i].code, code) == 0)
			return i;
	return REASON_COUNT - 1;
}

void why_remember(struct shell *shell, const struct client_refusal *refusal, const char *line,
	size_t length, size_t stage)
{
	struct refused *refused = &shell->refused;

	free(refused->line);
	refused->refusal = *refusal;
	refused->line = strndup(line, length);
	refused->stage = stage;
	refused->fresh = true;
}

/* As wide as the terminal at most, broken at blanks; what follows is indented by `indent`. */
static void say(struct arena *arena, size_t indent, const char *text)
{
	size_t width = listing_screen(), column = indent;
	const char *safe = text_escape(arena, text, strlen(text));

	printf("%*s", (int)indent, "");
	while (*safe != '\0') {
		size_t length = strcspn(safe, " ");
		const char *word = arena_strndup(arena, safe, length);
		size_t columns = listing_width(word);

		if (column > indent && column + 1 + columns >= width) {
			printf("\n%*s", (int)(indent + 2), "");
			column = indent + 2;
		} else if (column > indent) {
			putchar(' ');
			column++;
		}
		fputs(word, stdout);
		column += columns;
		safe += length + strspn(safe + length, " ");
	}
	putchar('\n');
}

/* The words of the command that was refused; none of a line that the grammar refuses. */
static struct strings words_of(struct arena *arena, const struct refused *refused)
{
	struct pipeline pipeline;
	struct line_error error;

	if (refused->line == NULL ||
		pipeline_split(arena, refused->line, strlen(refused->line), &pipeline, &error) <
			0 ||
		refused->stage >= pipeline.count)
		return (struct strings){0};
	return pipeline.stages[refused->stage];
}

/* The gateway begins with the parameter's name, where one is to blame. */
static bool is_blamed(
	struct arena *arena, const struct catalogue_parameter *parameter, const char *detail)
{
	const char *names[] = {catalogue_label(arena, parameter), parameter->name};

	for (size_t i = 0; i < 2; i++) {
		size_t length = strlen(names[i]);

		if (strncmp(detail, names[i], length) == 0 &&
			(detail[length] == ':' || detail[length] == ' '))
			return true;
	}
	return false;
}

static void show_parameter(struct arena *arena, const struct catalogue_parameter *parameter)
{
	const char *label = catalogue_label(arena, parameter);
	const char *expects = catalogue_expects(arena, parameter);
	const char *about = parameter->description;

	say(arena, 2,
		arena_printf(arena, "%s%s%s%s: %s%s", label, about[0] == '\0' ? "" : " (", about,
			about[0] == '\0' ? "" : ")", expects,
			parameter->required ? "; required" : ""));
}

static void show_allowed(
	struct arena *arena, const struct catalogue_command *command, const char *detail)
{
	bool blamed = false;

	for (size_t i = 0; i < command->count; i++)
		blamed = blamed || is_blamed(arena, &command->parameters[i], detail);
	printf("You may give%s\n", command->count == 0 ? " no option and no operand." : ":");
	for (size_t i = 0; i < command->count; i++)
		if (!blamed || is_blamed(arena, &command->parameters[i], detail))
			show_parameter(arena, &command->parameters[i]);
}

/* A line that may hold a secret is not shown again. */
static void show_line(struct shell *shell, struct arena *arena, const struct strings *words)
{
	const char *line = shell->refused.line;

	if (line == NULL || suggest_line_is_secretive(arena, shell->catalogue, line))
		line = "(not shown: it may hold a secret)";
	else if (words->count > 0)
		line = line_quote(arena, words->items, words->count);
	printf("  %s\n", text_escape(arena, line, strlen(line)));
}

static bool is_about_words(const char *code)
{
	static const char *const codes[] = {
		"parameter-not-allowed", "value-not-allowed", "invalid-value", "missing-parameter"};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(codes[i], code) == 0)
			return true;
	return false;
}

/* The gateway says so at the end; here it has a line of its own. */
static const char *without_contact(
	const struct shell *shell, struct arena *arena, const char *detail)
{
	const char *contact = shell->catalogue == NULL ? "" : shell->catalogue->contact;
	const char *told = arena_printf(arena, "; ask %s", contact);
	size_t length = strlen(detail), tail = strlen(told);

	if (contact[0] == '\0' || length < tail || strcmp(detail + length - tail, told) != 0)
		return detail;
	return arena_strndup(arena, detail, length - tail);
}

/* Nobody else can help with a line that is wrong. */
static void show_whom(const struct shell *shell, struct arena *arena, const char *whom)
{
	const char *contact = shell->catalogue == NULL ? "" : shell->catalogue->contact;

	if (whom == NULL)
		return;
	if (contact[0] == '\0')
		say(arena, 0, arena_printf(arena, "Whom to ask: %s.", whom));
	else
		say(arena, 0, arena_printf(arena, "Whom to ask: %s (%s).", contact, whom));
}

/* Then no word of it is wrong. */
static bool lacks_terminal(
	const struct catalogue_command *command, const struct client_refusal *refusal)
{
	return command->needs_terminal && strstr(refusal->detail, "needs a terminal") != NULL;
}

int why_explain(struct shell *shell)
{
	const struct client_refusal *refusal = &shell->refused.refusal;
	struct arena *arena = arena_new();
	struct strings words = words_of(arena, &shell->refused);
	const struct catalogue_command *command =
		words.count == 0 ? NULL : catalogue_find(shell->catalogue, &words);
	size_t reason = reason_of(refusal->code);

	if (refusal->code[0] == '\0') {
		message_error("nothing was refused yet");
		arena_free(arena);
		return EXIT_FAILURE;
	}
	show_line(shell, arena, &words);
	say(arena, 0,
		arena_printf(arena, "was refused (%s): %s.", refusal->code,
			without_contact(shell, arena, refusal->detail)));
	say(arena, 0, reasons[reason].meaning);
	if (command != NULL && is_about_words(refusal->code) && !lacks_terminal(command, refusal))
		show_allowed(arena, command, refusal->detail);
	show_whom(shell, arena, reasons[reason].whom);
	if (refusal->request[0] != '\0')
		say(arena, 0,
			arena_printf(arena, "It is on record as request %s.", refusal->request));
	arena_free(arena);
	return EXIT_SUCCESS;
}

void why_suggest(struct shell *shell)
{
	struct arena *arena = arena_new();
	struct strings words = words_of(arena, &shell->refused);
	const char *line = NULL;

	if (words.count > 0 && !suggest_is_secretive(arena, shell->catalogue, &words))
		line = suggest_line(arena, shell->catalogue, &words);
	if (line != NULL)
		message_error("did you mean: %s", text_escape(arena, line, strlen(line)));
	arena_free(arena);
}
