#include "bundle/bundle.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "config/digest.h"

static int read_raw(
	struct arena *arena, int directory, struct bundle *bundle, const char **complaint)
{
	mode_t mode;

	*bundle = (struct bundle){0};
	bundle->manifest_bytes = tree_read(arena, directory, MANIFEST_FILE, MANIFEST_SIZE_MAX,
		&bundle->manifest_length, &mode, complaint);
	if (bundle->manifest_bytes == NULL)
		return -1;
	bundle->seal_bytes = tree_read(
		arena, directory, SEAL_FILE, SEAL_SIZE_MAX, &bundle->seal_length, &mode, complaint);
	if (bundle->seal_bytes == NULL) {
		errno = EINVAL;
		return -1;
	}
	errno = EINVAL;
	return seal_parse(arena, bundle->seal_bytes, bundle->seal_length, &bundle->seal, complaint);
}

int bundle_read(struct arena *arena, int directory, struct bundle *bundle, const char **complaint)
{
	if (read_raw(arena, directory, bundle, complaint) != 0)
		return -1;
	errno = EINVAL;
	return manifest_parse(arena, bundle->manifest_bytes, bundle->manifest_length,
		&bundle->manifest, complaint);
}

const struct trusted_key *bundle_read_signed(struct arena *arena, int directory,
	const struct trusted_key *keys, size_t count, struct bundle *bundle, const char **complaint)
{
	const struct trusted_key *key;

	if (read_raw(arena, directory, bundle, complaint) != 0)
		return NULL;
	key = seal_judge(arena, &bundle->seal, keys, count, bundle->manifest_bytes,
		bundle->manifest_length, complaint);
	if (key == NULL || manifest_parse(arena, bundle->manifest_bytes, bundle->manifest_length,
				   &bundle->manifest, complaint) != 0)
		return NULL;
	return key;
}

static int hash(const char *bytes, size_t length, char text[65])
{
	struct digest digest;

	digest_begin(&digest);
	digest_bytes(&digest, bytes, length);
	return digest_end(&digest, text);
}

static const char *differs(struct arena *arena, const struct manifest_file *file, mode_t mode,
	const char *bytes, size_t length)
{
	char text[65];

	if (hash(bytes, length, text) != 0)
		return arena_printf(arena, "%s: SHA-256 is not available", file->path);
	if (strcmp(text, file->digest) != 0)
		return arena_printf(arena, "%s: its SHA-256 is %s; expected %s, as signed",
			file->path, text, file->digest);
	if (mode != file->mode)
		return arena_printf(arena, "%s: its mode is %04o; expected %04o, as signed",
			file->path, mode, file->mode);
	return NULL;
}

/* In memory of its own, which a large bundle would add up. */
static const char *verify_file(struct arena *arena, int directory, const struct manifest_file *file,
	bundle_take *take, void *context)
{
	struct arena *scratch = arena_new();
	const char *complaint = NULL;
	size_t length = 0;
	mode_t mode = 0;
	char *bytes = tree_read(
		scratch, directory, file->path, TREE_FILE_SIZE_MAX, &length, &mode, &complaint);

	if (bytes != NULL)
		complaint = differs(scratch, file, mode, bytes, length);
	if (complaint == NULL && take != NULL &&
		take(context, file, bytes, length, &complaint) != 0 && complaint == NULL)
		complaint = "it could not be taken";
	complaint = complaint == NULL ? NULL : arena_strdup(arena, complaint);
	arena_free(scratch);
	return complaint;
}

int bundle_verify(struct arena *arena, int directory, const struct manifest *manifest,
	bundle_take *take, void *context, struct strings *complaints)
{
	struct strings paths = {0};

	(void)tree_list(arena, directory, &paths, complaints);
	for (size_t i = 0; i < paths.count; i++)
		if (manifest_find(manifest, paths.items[i]) == NULL)
			strings_add(arena, complaints,
				arena_printf(arena,
					"%s: it is not in the manifest; expected the "
					"files that were signed and no other",
					paths.items[i]));
	for (size_t i = 0; i < manifest->count; i++) {
		const char *complaint =
			verify_file(arena, directory, &manifest->files[i], take, context);

		if (complaint != NULL)
			strings_add(arena, complaints, complaint);
	}
	return complaints->count == 0 ? 0 : -1;
}

static const char *survey_file(
	struct arena *arena, int directory, const char *path, struct manifest_file *file)
{
	struct arena *scratch = arena_new();
	const char *complaint = NULL;
	size_t length = 0;
	char *bytes = tree_read(
		scratch, directory, path, TREE_FILE_SIZE_MAX, &length, &file->mode, &complaint);

	file->path = path;
	if (bytes != NULL && !manifest_mode_allowed(file->mode))
		complaint = arena_printf(scratch,
			"%s: its mode is %04o; expected 0600, 0644, 0700 or 0755", path,
			file->mode);
	else if (bytes != NULL && hash(bytes, length, file->digest) != 0)
		complaint = "SHA-256 is not available";
	complaint = complaint == NULL ? NULL : arena_strdup(arena, complaint);
	arena_free(scratch);
	return complaint;
}

int bundle_survey(
	struct arena *arena, int directory, struct manifest *manifest, struct strings *complaints)
{
	struct strings paths = {0};

	*manifest = (struct manifest){0};
	if (tree_list(arena, directory, &paths, complaints) != 0)
		return -1;
	if (paths.count == 0)
		strings_add(arena, complaints, "there is no file to sign");
	manifest->files = arena_array(arena, paths.count, sizeof(manifest->files[0]));
	for (; manifest->count < paths.count; manifest->count++) {
		const char *complaint = survey_file(arena, directory, paths.items[manifest->count],
			&manifest->files[manifest->count]);

		if (complaint != NULL)
			strings_add(arena, complaints, complaint);
	}
	return complaints->count == 0 ? 0 : -1;
}

char *bundle_time(struct arena *arena, uint64_t serial)
{
	time_t seconds = (time_t)serial;
	char text[40] = "";
	struct tm parts;

	if (serial > 253402300799 || gmtime_r(&seconds, &parts) == NULL ||
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &parts) == 0)
		return arena_strdup(arena, "no time");
	return arena_strdup(arena, text);
}
