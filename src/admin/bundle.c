/* bundle: configurations that are signed, verified and put in place as a whole. */
#include "admin/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admin/admin.h"
#include "base/fd.h"
#include "base/message.h"

static const struct word {
	struct verb verb; /* its `run` is not used; `operands` with the word itself */
	int (*run)(struct arena *arena, const struct options *options);
} words[] = {
	{{"bundle key", OPTION_CONFIG | OPTION_KEY | OPTION_KEY_NAME, 1, NULL, false}, bundle_key},
	{{"bundle sign", OPTION_CONFIG | OPTION_KEY | OPTION_KEY_NAME | OPTION_NAME, 2, NULL, false}, bundle_sign},
	{{"bundle verify", OPTION_CONFIG | OPTION_JSON | OPTION_KEYS, 2, NULL, false}, bundle_verify_verb},
	{{"bundle install", OPTION_CONFIG | OPTION_TRUST_KEY | OPTION_ALLOW_OLDER, 2, NULL, false},
		bundle_install},
	{{"bundle rollback", OPTION_CONFIG, 1, NULL, false}, bundle_rollback},
	{{"bundle list", OPTION_CONFIG | OPTION_JSON, 1, NULL, false}, bundle_list},
};

static const struct word *find_word(const char *name)
{
	for (size_t i = 0; name != NULL && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].verb.name + strlen("bundle "), name) == 0)
			return &words[i];
	message_error("bundle: expected key, sign, verify, install, rollback or list%s%s",
		name == NULL ? "" : " in the place of ", name == NULL ? "" : name);
	usage(stderr, "bundle");
	return NULL;
}

int bundle_run(const struct options *options)
{
	const struct word *word = find_word(options->operand);
	struct arena *arena;
	int status;

	if (word == NULL || options_check(&word->verb, options) != 0)
		return ADMIN_WRONG;
	if (options->operand_count != word->verb.operands) {
		message_error("%s: %s", word->verb.name,
			word->verb.operands == 2 ? "a directory is needed"
						 : "unexpected directory");
		return ADMIN_WRONG;
	}
	arena = arena_new();
	status = word->run(arena, options);
	arena_free(arena);
	return status;
}

int bundle_open_source(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		message_error("%s: %s", path, strerror(errno));
	return fd;
}

static const char *absolute(struct arena *arena, const char *path)
{
	char *here = path[0] == '/' ? NULL : getcwd(NULL, 0);
	const char *whole = here == NULL ? path : arena_printf(arena, "%s/%s", here, path);

	free(here);
	return whole;
}

const char *bundle_directory(struct arena *arena, const struct options *options)
{
	return absolute(arena, options->config);
}

int bundle_complain(const struct strings *complaints)
{
	for (size_t i = 0; i < complaints->count; i++)
		message_error("%s", complaints->items[i]);
	return ADMIN_FOUND;
}

const char *bundle_title(struct arena *arena, const struct manifest *manifest)
{
	return arena_printf(arena, "\"%s\", serial %" PRIu64 " (%s), %zu file%s", manifest->name,
		manifest->serial, bundle_time(arena, manifest->serial), manifest->count,
		manifest->count == 1 ? "" : "s");
}

const char *bundle_json(struct arena *arena, const struct bundle *bundle)
{
	char key[SIGNATURE_KEY_TEXT_SIZE];

	signature_key_print(bundle->seal.key, key);
	return arena_printf(arena,
		"\"name\":%s,\"serial\":%" PRIu64 ",\"time\":%s,\"files\":%zu,\"key\":%s",
		json_text(arena, bundle->manifest.name), bundle->manifest.serial,
		json_text(arena, bundle_time(arena, bundle->manifest.serial)),
		bundle->manifest.count, json_text(arena, key));
}
