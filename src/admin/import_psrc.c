/* import psrc: one role file for each role capability file. */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "admin/import.h"
#include "admin/person.h"
#include "author/psrc.h"
#include "base/message.h"
#include "config/config.h"

/* What would be a bad configuration is not written. 0, or -1 after messages. */
static int check_role(struct arena *arena, const struct options *options, const struct psrc *psrc)
{
	struct problems problems = {.arena = arena};
	struct config_change change = {.name = arena_printf(arena, "roles.d/%s.role", psrc->role),
		.bytes = psrc->text,
		.length = strlen(psrc->text)};

	if (config_load_changed(arena, options->config,
		    CONFIG_TRUST_WARNS | CONFIG_MAIN_OPTIONAL | CONFIG_SCRIPTS_WARN, &change,
		    &problems) != NULL)
		return 0;
	for (size_t i = 0; i < problems.count; i++)
		if (problems.items[i].level == PROBLEM_ERROR)
			message_error("%s: the configuration would be refused: %s", psrc->file,
				problem_text(arena, &problems.items[i]));
	return -1;
}

static char *psrc_json(struct arena *arena, const struct psrc *psrc)
{
	return arena_printf(arena, "{\"file\":%s,\"role\":%s,\"text\":%s,\"losses\":%s}",
		json_text(arena, psrc->file), json_text(arena, psrc->role),
		json_text(arena, psrc->text), import_losses_json(arena, &psrc->losses));
}

/* One file: an enum admin_status. */
static int import_file(struct arena *arena, const struct options *options,
	const struct policy *policy, const char *file, struct psrc *psrc)
{
	const char *complaint;
	size_t length;
	char *bytes = import_read(arena, file, &length);

	if (bytes == NULL)
		return ADMIN_WRONG;
	if (psrc_import(arena, policy, file, bytes, length, psrc, &complaint) < 0) {
		message_error("%s: %s", file, complaint);
		return ADMIN_WRONG;
	}
	if (policy != NULL && check_role(arena, options, psrc) < 0)
		return ADMIN_WRONG;
	return psrc->losses.count == 0 ? ADMIN_OK : ADMIN_FOUND;
}

static int write_all(
	struct arena *arena, const struct import_words *words, const struct psrc *all, size_t count)
{
	struct strings objects = {0};

	for (size_t i = 0; i < count; i++) {
		if (words->json)
			strings_add(arena, &objects, psrc_json(arena, &all[i]));
		else
			import_print_losses(arena, all[i].file, &all[i].losses);
		if (words->json && words->output_dir == NULL)
			continue;
		if (import_write(arena, words, arena_printf(arena, "%s.role", all[i].role),
			    all[i].text) < 0)
			return -1;
	}
	if (words->json)
		printf("{\"files\":[%s]}\n", strings_join(arena, &objects, ","));
	return 0;
}

int import_psrc(
	struct arena *arena, const struct options *options, const struct import_words *words)
{
	size_t count = words->files.count;
	struct psrc *all = arena_array(arena, count, sizeof(*all));
	struct policy *policy = NULL;
	int status = ADMIN_OK;

	if ((options->given & OPTION_CONFIG) != 0 &&
		(policy = person_policy(arena, options)) == NULL)
		return ADMIN_WRONG;
	for (size_t i = 0; i < count; i++) {
		int result = import_file(arena, options, policy, words->files.items[i], &all[i]);

		status = result > status ? result : status;
	}
	if (status != ADMIN_WRONG && write_all(arena, words, all, count) < 0)
		return ADMIN_WRONG;
	return status;
}
