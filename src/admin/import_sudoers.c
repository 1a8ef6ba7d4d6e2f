/* import sudoers: a configuration from what cvtsudoers(1) says of a sudoers file. */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "admin/import.h"
#include "author/sudoers.h"
#include "base/message.h"
#include "config/loader.h"

/* What would be a bad configuration is not written. 0, or -1 after messages. */
static int check_files(struct arena *arena, const char *file, const struct sudoers *sudoers)
{
	struct problems problems = {.arena = arena};
	struct config_file *files = arena_array(arena, sudoers->file_count, sizeof(*files));

	for (size_t i = 0; i < sudoers->file_count; i++)
		files[i] = (struct config_file){sudoers->files[i].name, sudoers->files[i].text,
			strlen(sudoers->files[i].text)};
	if (config_load_memory(arena, files, sudoers->file_count, &problems) != NULL)
		return 0;
	for (size_t i = 0; i < problems.count; i++)
		message_error("%s: what came of it is wrong: %s", file,
			problem_text(arena, &problems.items[i]));
	return -1;
}

static char *files_json(struct arena *arena, const struct sudoers *sudoers)
{
	struct strings objects = {0};

	for (size_t i = 0; i < sudoers->file_count; i++)
		strings_add(arena, &objects,
			arena_printf(arena, "{\"name\":%s,\"text\":%s}",
				json_text(arena, sudoers->files[i].name),
				json_text(arena, sudoers->files[i].text)));
	return strings_join(arena, &objects, ",");
}

static int write_all(
	struct arena *arena, const struct import_words *words, const struct sudoers *sudoers)
{
	if (words->json)
		printf("{\"files\":[%s],\"losses\":%s}\n", files_json(arena, sudoers),
			import_losses_json(arena, &sudoers->losses));
	else
		import_print_losses(arena, words->files.items[0], &sudoers->losses);
	for (size_t i = 0; i < sudoers->file_count; i++)
		if ((!words->json || words->output_dir != NULL) &&
			import_write(arena, words, sudoers->files[i].name, sudoers->files[i].text) <
				0)
			return ADMIN_WRONG;
	return sudoers->losses.count == 0 ? ADMIN_OK : ADMIN_FOUND;
}

int import_sudoers(
	struct arena *arena, const struct options *options, const struct import_words *words)
{
	const char *file = words->files.items[0], *complaint;
	struct sudoers sudoers;
	size_t length;
	char *bytes;

	if ((options->given & OPTION_CONFIG) != 0) {
		message_error("import sudoers does not take --config");
		return ADMIN_WRONG;
	}
	bytes = import_read(arena, file, &length);
	if (bytes == NULL)
		return ADMIN_WRONG;
	if (sudoers_import(arena, bytes, length, words->host, &sudoers, &complaint) < 0) {
		message_error(
			"%s: %s; expected what \"cvtsudoers -f json\" writes", file, complaint);
		return ADMIN_WRONG;
	}
	if (check_files(arena, file, &sudoers) < 0)
		return ADMIN_WRONG;
	return write_all(arena, words, &sudoers);
}
