/* One command or function: how it is called, what it runs as, who grants it. */
#include <string.h>

#include "answer/answer.h"
#include "answer/answer_text_parts.h"
#include "answer/usage.h"
#include "policy/line.h"

/* The program with its fixed arguments, or which script; never a script's text. */
static const char *what_runs(struct arena *arena, const struct command *command)
{
	const struct function *function = command->function;
	const char *fixed = line_quote(arena, command->arguments.items, command->arguments.count);
	const char *program = line_quote(arena, &command->program, 1);

	if (function == NULL)
		return arena_printf(arena, "%s%s%s", program, fixed[0] != '\0' ? " " : "", fixed);
	return function->script.path == NULL ? "a script of the configuration"
					     : arena_printf(arena, "the script %s", program);
}

static void add_how_it_runs(struct answer_text *text, const struct command *command)
{
	const char *run_as = command->run_as;
	struct arena *arena = text->output.arena;

	if (run_as == NULL && text->endpoint != NULL)
		run_as = text->endpoint->run_as;
	page_line(&text->output, TEXT_INDENT,
		arena_printf(arena, "runs %s%s%s", what_runs(arena, command),
			run_as != NULL ? " as " : "",
			run_as == NULL			? ""
			: strcmp(run_as, "caller") == 0 ? "the caller"
							: run_as));
}

/* Its own profile; that of the endpoint confines whatever runs through it. */
static void add_confinement(struct answer_text *text, const struct command *command)
{
	struct arena *arena = text->output.arena;
	const char *own = command->profile_name != NULL ? command->profile_name : "standard";
	const char *ceiling = text->endpoint == NULL ? NULL : text->endpoint->profile_name;
	struct strings parts = {0};

	strings_add(arena, &parts, arena_printf(arena, "profile %s", own));
	if (ceiling != NULL && strcmp(ceiling, own) != 0)
		strings_add(arena, &parts, arena_printf(arena, " within %s", ceiling));
	if (command->command_class != CLASS_UNKNOWN)
		strings_add(arena, &parts,
			arena_printf(
				arena, ", class %s", command_class_name(command->command_class)));
	page_line(&text->output, TEXT_INDENT, strings_join(arena, &parts, ""));
}

static void add_transcript(struct answer_text *text, const struct permission *permission)
{
	const char *transcript = transcript_text(transcript_of(text->endpoint, permission));

	if (transcript != NULL)
		page_line(&text->output, TEXT_INDENT,
			arena_printf(text->output.arena, "transcript %s", transcript));
}

void answer_text_entry(struct answer_text *text, const struct entry *entry)
{
	const struct command *command = entry->command;
	const struct permission *permission = &entry->permission;
	struct strings usage = usage_words(text->output.arena, permission);

	page_items(&text->output, 0, "", 0, &usage);
	if (command->function != NULL)
		page_line(&text->output, TEXT_INDENT,
			command->enabled ? "(function)" : "(function, disabled)");
	else if (!command->enabled)
		page_line(&text->output, TEXT_INDENT, "(disabled)");
	if (command->description != NULL) {
		struct strings words = page_words(text->output.arena, command->description);

		page_items(&text->output, TEXT_INDENT, "", TEXT_INDENT, &words);
	}
	if (command->needs_terminal)
		page_line(&text->output, TEXT_INDENT, "needs a terminal");
	if (entry->alone != NULL)
		page_line(&text->output, TEXT_INDENT,
			arena_printf(text->output.arena, "with role %s alone", entry->alone->name));
	if (text->with_sources || text->all_values) {
		add_how_it_runs(text, command);
		add_confinement(text, command);
		add_transcript(text, permission);
	}
	for (size_t i = 0; text->with_sources && i < permission->grant_count; i++)
		answer_text_source(text, TEXT_INDENT, "granted by", permission->grants[i]->role,
			permission->grants[i]->source, permission->grants[i]->wildcard);
	answer_text_parameters(text, permission);
}
