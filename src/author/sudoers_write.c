/* The files: rolegate.conf, commands.d/sudoers.conf, and a role for each person or group. */
#include <string.h>

#include "author/sheet.h"
#include "author/sudoers_parts.h"
#include "config/quote.h"

static void add_file(
	struct sudo_out *out, struct sudoers *sudoers, const char *name, const struct sheet *sheet)
{
	sudoers->files = arena_grow(
		out->arena, sudoers->files, sudoers->file_count, sizeof(*sudoers->files));
	sudoers->files[sudoers->file_count++] = (struct sudoers_file){name, sheet_text(sheet)};
}

static void add_definition(struct sheet *sheet, const struct sudo_out_role *role, bool last)
{
	sheet_add(sheet, "      { %s = %s; roles = [ %s ]; }%s\n",
		role->subject.kind == SUDO_GROUP ? "group" : "user",
		config_quote(sheet->arena, role->subject.name),
		config_quote(sheet->arena, role->name), last ? "" : ",");
}

static void write_main(struct sudo_out *out, struct sudoers *sudoers)
{
	struct sheet sheet = {.arena = out->arena};

	sheet_comment(&sheet, "",
		"Made by rolegatectl import sudoers. An endpoint for each account that commands "
		"run as;\npeople choose it with rolegate -e. Put what is wanted of it into your "
		"rolegate.conf.");
	sheet_add(&sheet, "\n");
	losses_comment(out->losses, 0, &sheet);
	sheet_add(&sheet, "endpoints = (\n");
	for (size_t i = 0; i < out->endpoint_count; i++) {
		const struct sudo_out_endpoint *endpoint = out->endpoints[i];

		sheet_add(&sheet,
			"  { name = %s;\n    run_as = %s;\n    authenticate = \"%s\";\n"
			"    role_definitions = (\n",
			config_quote(out->arena, endpoint->name),
			config_quote(out->arena, endpoint->account),
			endpoint->no_password ? "never" : "always");
		for (size_t j = 0; j < endpoint->role_count; j++)
			add_definition(&sheet, endpoint->roles[j], j + 1 == endpoint->role_count);
		sheet_add(&sheet, "    ); }%s\n", i + 1 < out->endpoint_count ? "," : "");
	}
	sheet_add(&sheet, ");\n");
	add_file(out, sudoers, "rolegate.conf", &sheet);
}

static void write_commands(struct sudo_out *out, struct sudoers *sudoers)
{
	struct sheet sheet = {.arena = out->arena};

	if (out->command_count == 0)
		return;
	sheet_comment(&sheet, "",
		"Made by rolegatectl import sudoers. They run as the endpoint's account, under "
		"the profile\n\"standard\", in which no program starts another one.");
	sheet_add(&sheet, "commands = (\n");
	for (size_t i = 0; i < out->command_count; i++) {
		const struct sudo_out_command *command = out->commands[i];

		sheet_comment(&sheet, "  ", "%s", command->entry->command);
		sheet_add(&sheet, "  { name = %s;%s }%s\n", config_quote(out->arena, command->name),
			command->definition, i + 1 < out->command_count ? "," : "");
	}
	sheet_add(&sheet, ");\n");
	add_file(out, sudoers, "commands.d/sudoers.conf", &sheet);
}

static void write_role(struct sudo_out *out, struct sudoers *sudoers,
	const struct sudo_out_endpoint *endpoint, const struct sudo_out_role *role)
{
	struct sheet sheet = {.arena = out->arena};
	struct strings names = {0};

	sheet_comment(&sheet, "", "Made by rolegatectl import sudoers, from:");
	for (size_t i = 0; i < role->origins.count; i++)
		sheet_comment(&sheet, "", "  %s", role->origins.items[i]);
	sheet_add(&sheet, "description = %s;\n",
		config_quote(
			out->arena, arena_printf(out->arena, "What %s may run as %s, from sudoers",
					    role->subject.shown, endpoint->account)));
	for (size_t i = 0; i < role->command_count; i++)
		strings_add(out->arena, &names, config_quote(out->arena, role->commands[i]->name));
	if (names.count > 0)
		sheet_add(&sheet, "visible_commands = (\n  %s );\n",
			strings_join(out->arena, &names, ",\n  "));
	if (role->externals.count > 0)
		sheet_add(&sheet, "visible_external_commands = [ %s ];\n",
			sheet_list(out->arena, &role->externals));
	add_file(out, sudoers, arena_printf(out->arena, "roles.d/%s.role", role->name), &sheet);
}

void sudoers_write(struct sudo_out *out, struct sudoers *sudoers)
{
	write_main(out, sudoers);
	write_commands(out, sudoers);
	for (size_t i = 0; i < out->endpoint_count; i++)
		for (size_t j = 0; j < out->endpoints[i]->role_count; j++)
			write_role(out, sudoers, out->endpoints[i], out->endpoints[i]->roles[j]);
}
