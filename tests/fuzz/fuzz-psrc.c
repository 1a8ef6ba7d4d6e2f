/*
 * JEA role capability files: whatever is read becomes a role file that the configuration takes,
 * with what it defines and without.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "author/psrc.h"
#include "base/text.h"
#include "config/loader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char definitions[] =
	"commands = (\n"
	"  { name = \"Restart-Service\"; program = \"/usr/bin/systemctl\";\n"
	"    parameters = ( { name = \"Name\"; position = 1; validate = \"systemd-unit\"; },\n"
	"                   { name = \"Force\"; type = \"flag\"; },\n"
	"                   { name = \"Count\"; type = \"integer\"; maximum = 9; } ); },\n"
	"  { name = \"Get-Log\"; program = \"/usr/bin/journalctl\"; } );\n";
static const char functions[] =
	"functions = ( { name = \"Restart-Site\"; script = \"#!/bin/sh\\n\"; } );\n";
static const char endpoint[] = "endpoints = ( { name = \"a\"; } );\n";

#define FILE_OF(name, text)                                                                        \
	{                                                                                          \
		name, text, sizeof(text) - 1                                                       \
	}

static struct policy *load(struct arena *arena, const char *role, struct problems *problems)
{
	struct config_file files[] = {FILE_OF("rolegate.conf", endpoint),
		FILE_OF("commands.d/a.conf", definitions), FILE_OF("functions.d/a.conf", functions),
		{"roles.d/fuzzed.role", role, role == NULL ? 0 : strlen(role)}};

	return config_load_memory(arena, files, role == NULL ? 3 : 4, problems);
}

static void check(
	struct arena *arena, const struct policy *policy, const uint8_t *data, size_t size)
{
	struct problems problems = {.arena = arena};
	const char *complaint = NULL;
	struct psrc psrc;

	if (psrc_import(arena, policy, "fuzzed.psrc", (const char *)data, size, &psrc, &complaint) <
		0) {
		if (complaint == NULL ||
			text_refused(complaint, strlen(complaint)) != strlen(complaint))
			abort();
		return;
	}
	if (load(arena, psrc.text, &problems) != NULL)
		return;
	for (size_t i = 0; i < problems.count; i++)
		fprintf(stderr, "%s\n", problem_text(arena, &problems.items[i]));
	fputs(psrc.text, stderr);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct policy *policy;
	struct arena *arena = arena_new();

	if (policy == NULL) {
		struct problems problems = {.arena = arena_new()};

		policy = load(problems.arena, NULL, &problems);
		if (policy == NULL)
			abort();
	}
	check(arena, NULL, data, size);
	check(arena, policy, data, size);
	arena_free(arena);
	return 0;
}
