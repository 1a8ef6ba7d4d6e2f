#include "author/skeleton.h"

#include <string.h>

#include "author/sheet.h"
#include "config/check.h"
#include "config/quote.h"
#include "config/suggest.h"

/* Each kind of what was asked for. */
struct wanted {
	const struct command **commands, **functions;
	size_t command_count, function_count;
	struct strings externals;
};

/* Every key of a role file that is not asked for, with an example of it. */
static const char rest[] =
	"# Programs by their full paths, with any arguments: rolegatectl check warns of them.\n"
	"# visible_external_commands = [ \"/usr/bin/uptime\" ];\n"
	"\n"
	"# Other names for commands that are visible.\n"
	"# alias_definitions = ( { name = \"bounce\"; command = \"systemctl restart\"; } );\n"
	"# visible_aliases = [ \"bounce\" ];\n"
	"\n"
	"# Named file areas of providers.d, for commands whose profile says filesystem = "
	"\"providers\".\n"
	"# visible_providers = [ \"web-logs\" ];\n"
	"\n"
	"# Functions that run once when a session of somebody with this role begins.\n"
	"# startup_functions = [ \"prepare-desk\" ];\n"
	"\n"
	"# For everything that is run by somebody with this role.\n"
	"# environment_variables = ( { name = \"SYSTEMD_COLORS\"; value = \"0\"; } );\n"
	"\n"
	"# Whether what they see is written down (rolegate-recorder(8)), and what they type as well.\n"
	"# transcript = \"required\";\n"
	"# transcript_input = true;\n"
	"\n"
	"# Commands and functions that this role brings along; as in commands.d and functions.d.\n"
	"# command_definitions = (\n"
	"#   { name = \"disk free\"; program = \"/usr/bin/df\"; arguments = [ \"-h\" ]; } );\n"
	"# function_definitions = (\n"
	"#   { name = \"hello\"; script = \"#!/bin/sh\\necho hello\\n\"; } );\n";

static int find_wanted(struct arena *arena, const struct policy *policy, const char *name,
	struct wanted *wanted, const char **complaint)
{
	struct suggestion suggestion = suggestion_new(name);
	const struct command *command =
		policy == NULL ? NULL : table_get(&policy->command_by_name, name);

	if (command != NULL && command->function != NULL) {
		wanted->functions[wanted->function_count++] = command;
	} else if (command != NULL && !command->external) {
		wanted->commands[wanted->command_count++] = command;
	} else if (name[0] == '/') {
		const char *expected = check_external(name);

		strings_add(arena, &wanted->externals, name);
		if (expected != NULL)
			*complaint = arena_printf(arena, "\"%s\": expected %s", name, expected);
		return expected == NULL ? 0 : -1;
	} else {
		for (size_t i = 0; policy != NULL && i < policy->command_count; i++)
			suggestion_consider(&suggestion, policy->commands[i]->name);
		*complaint = arena_printf(arena, "nothing defines the command \"%s\"%s", name,
			suggestion_text(arena, &suggestion));
		return -1;
	}
	return 0;
}

static int find_all(struct arena *arena, const struct policy *policy, const struct strings *names,
	struct wanted *wanted, const char **complaint)
{
	struct strings seen = {0};

	wanted->commands = arena_array(arena, names->count, sizeof(*wanted->commands));
	wanted->functions = arena_array(arena, names->count, sizeof(*wanted->functions));
	for (size_t i = 0; i < names->count; i++) {
		if (strings_contain(&seen, names->items[i])) {
			*complaint = arena_printf(
				arena, "the command \"%s\" is given twice", names->items[i]);
			return -1;
		}
		strings_add(arena, &seen, names->items[i]);
		if (find_wanted(arena, policy, names->items[i], wanted, complaint) < 0)
			return -1;
	}
	return 0;
}

static void add_command(struct sheet *sheet, const struct command *command, bool last)
{
	const struct parameters *parameters = &command->parameters;
	struct arena *arena = sheet->arena;

	if (command->description != NULL)
		sheet_comment(sheet, "  ", "%s", command->description);
	if (parameters->count == 0) {
		sheet_add(
			sheet, "  %s%s\n", config_quote(arena, command->name), last ? " );" : ",");
		return;
	}
	sheet_comment(sheet, "  ",
		"Each parameter: any value of its kind, unless it has set = [ ... ] or pattern = "
		"\"...\".\nWhat is taken out may not be given.");
	sheet_add(
		sheet, "  { name = %s;\n    parameters = (\n", config_quote(arena, command->name));
	for (size_t i = 0; i < parameters->count; i++) {
		const char *behind = last ? " ); } );" : " ); },";

		sheet_comment(
			sheet, "      ", "%s", skeleton_parameter(arena, &parameters->items[i]));
		sheet_add(sheet, "      { name = %s; }%s\n",
			config_quote(arena, parameters->items[i].name),
			i + 1 < parameters->count ? "," : behind);
	}
}

static void add_commands(struct sheet *sheet, const char *key, const char *explained,
	const char *example, const struct command **commands, size_t count)
{
	sheet_comment(sheet, "", "%s", explained);
	if (count == 0) {
		sheet_comment(sheet, "", "%s = (\n%s );", key, example);
	} else {
		sheet_add(sheet, "%s = (\n", key);
		for (size_t i = 0; i < count; i++)
			add_command(sheet, commands[i], i + 1 == count);
	}
	sheet_add(sheet, "\n");
}

static void add_head(struct sheet *sheet, const struct skeleton *skeleton)
{
	sheet_comment(sheet, "",
		"What somebody with the role \"%s\" may run; everything else is refused.\n"
		"Belongs into roles.d/%s.role. rolegate-roles(5) explains every key,\n"
		"\"rolegatectl check\" says what is wrong with them.\n",
		skeleton->name, skeleton->name);
	sheet_comment(sheet, "", "A line for people.");
	if (skeleton->description != NULL)
		sheet_add(sheet, "description = %s;\n",
			config_quote(sheet->arena, skeleton->description));
	else
		sheet_comment(sheet, "", "description = \"What this role is for\";");
	sheet_add(sheet, "\n");
	sheet_comment(sheet, "",
		"Who has it, if role_definitions in rolegate.conf don't say it.\n"
		"assigned_to = ( { endpoint = \"operations\"; group = \"web-ops\"; },\n"
		"                { endpoint = \"operations\"; user = \"dana\"; } );");
	sheet_add(sheet, "\n");
}

static void add_rest(struct sheet *sheet, const struct strings *externals)
{
	/* The first two lines are about these; they are written out when there are some. */
	const char *example = strchr(rest, '\n') + 1, *after = strchr(example, '\n') + 1;

	if (externals->count == 0) {
		sheet_add(sheet, "%s", rest);
		return;
	}
	sheet_add(sheet, "%.*svisible_external_commands = [ %s ];\n%s", (int)(example - rest), rest,
		sheet_list(sheet->arena, externals), after);
}

char *skeleton_text(struct arena *arena, const struct policy *policy,
	const struct skeleton *skeleton, const char **complaint)
{
	struct sheet sheet = {.arena = arena};
	struct wanted wanted = {0};

	if (find_all(arena, policy, &skeleton->commands, &wanted, complaint) < 0)
		return NULL;
	add_head(&sheet, skeleton);
	add_commands(&sheet, "visible_commands",
		"Commands of commands.d: a name alone allows every declared parameter with any "
		"valid value.",
		"  \"journalctl\",\n"
		"  { name = \"systemctl restart\";\n"
		"    parameters = ( { name = \"unit\"; set = [ \"nginx.service\" ]; } ); },\n"
		"  { name = \"systemctl status\";\n"
		"    parameters = ( { name = \"unit\"; pattern = \"(nginx|php.*)\\\\.service\"; } "
		"); }",
		wanted.commands, wanted.command_count);
	add_commands(&sheet, "visible_functions",
		"Functions of functions.d, in the same form: their inputs are the parameters.",
		"  \"drain-node\"", wanted.functions, wanted.function_count);
	add_rest(&sheet, &wanted.externals);
	return sheet_text(&sheet);
}
