/* import: roles from what other systems call them, and what of it could not be carried over. */
#include "admin/import.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "admin/admin.h"
#include "admin/trust.h"
#include "base/fd.h"
#include "base/message.h"
#include "base/text.h"

char *import_read(struct arena *arena, const char *path, size_t *length)
{
	char *bytes = fd_read_file(arena, path, IMPORT_SIZE_MAX, length);

	if (bytes == NULL)
		message_error("%s: %s", path, strerror(errno));
	return bytes;
}

/* Of the directories above the file, the output directory and the one in it may be missing. */
int import_write(
	struct arena *arena, const struct import_words *words, const char *name, const char *text)
{
	const char *path;

	if (words->output_dir == NULL) {
		printf("# --- %s ---\n%s\n", name, text);
		return 0;
	}
	path = arena_printf(arena, "%s/%s", words->output_dir, name);
	if ((mkdir(words->output_dir, 0755) == 0 || errno == EEXIST) &&
		trust_write(arena, path, text, false) == 0)
		return 0;
	message_error("%s: %s", path, strerror(errno));
	return -1;
}

void import_print_losses(struct arena *arena, const char *file, const struct losses *losses)
{
	/* One line each, whatever is in it. */
	for (size_t i = 0; i < losses->count; i++) {
		const struct loss *loss = &losses->items[i];
		const char *text =
			arena_printf(arena, "%s: %s: %s", loss->origin, loss->what, loss->why);

		message_warning("%s: %s", file, text_escape(arena, text, strlen(text)));
	}
}

char *import_losses_json(struct arena *arena, const struct losses *losses)
{
	struct strings items = {0};

	for (size_t i = 0; i < losses->count; i++)
		strings_add(arena, &items,
			arena_printf(arena, "{\"origin\":%s,\"what\":%s,\"why\":%s}",
				json_text(arena, losses->items[i].origin),
				json_text(arena, losses->items[i].what),
				json_text(arena, losses->items[i].why)));
	return arena_printf(arena, "[%s]", strings_join(arena, &items, ","));
}

static int run(struct arena *arena, const struct options *options, struct import_words *words,
	const char **complaint)
{
	const char *kind = words->files.count > 0 ? words->files.items[0] : "";
	bool psrc = strcmp(kind, "psrc") == 0;

	if (!psrc && strcmp(kind, "sudoers") != 0)
		*complaint = "expected psrc or sudoers, and a file";
	else if (words->files.count < 2)
		*complaint = "a file is needed";
	else if (psrc && words->host != NULL)
		*complaint = "--host is for import sudoers";
	else if (!psrc && words->files.count > 2)
		*complaint = "one file is needed, what cvtsudoers -f json wrote";
	if (*complaint != NULL)
		return ADMIN_WRONG;
	words->files.items++;
	words->files.count--;
	return psrc ? import_psrc(arena, options, words) : import_sudoers(arena, options, words);
}

int import_verb(const struct options *options)
{
	struct arena *arena = arena_new();
	struct import_words words = {.json = (options->given & OPTION_JSON) != 0};
	const struct word_option table[] = {
		{"--output-dir", .value = &words.output_dir},
		{"--host", .value = &words.host},
		{0},
	};
	const char *complaint = NULL;
	int status = ADMIN_WRONG;

	if (words_parse(arena, options->words, options->word_count, table, &words.files,
		    &complaint) == 0)
		status = run(arena, options, &words, &complaint);
	if (complaint != NULL) {
		message_error("import: %s", complaint);
		usage(stderr, "import");
	}
	arena_free(arena);
	return status;
}
