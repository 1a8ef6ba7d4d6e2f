/* The signer's side: needs no root and no gateway, and reads no configuration. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "admin/admin.h"
#include "admin/bundle.h"
#include "base/fd.h"
#include "base/message.h"
#include "base/text.h"

enum { KEY_SIZE_MAX = 64 * 1024 };

/* The file's name without its directory and its last suffix, unless --key-name says another. */
static const char *name_of_key(struct arena *arena, const struct options *options)
{
	const char *slash = strrchr(options->key, '/'), *name, *dot;

	if (options->key_name != NULL)
		return options->key_name;
	name = slash == NULL ? options->key : slash + 1;
	dot = strrchr(name, '.');
	return dot == NULL || dot == name ? name : arena_strndup(arena, name, (size_t)(dot - name));
}

/* 0, or an enum admin_status after a message. */
static int open_key(struct arena *arena, const struct options *options,
	struct signature_signer *signer, const char **name)
{
	_cleanup_fd_ int fd = -1;
	const char *complaint = NULL;
	size_t length = 0;
	char *bytes;

	*signer = (struct signature_signer){0};
	if (options->key == NULL) {
		message_error("bundle %s: --key FILE is needed, a private key", options->operand);
		return ADMIN_WRONG;
	}
	*name = name_of_key(arena, options);
	if (!text_is_name(*name)) {
		message_error("\"%s\" is no name of a key; expected letters, digits, \"_\", \".\" "
			      "and \"-\" (--key-name)",
			*name);
		return ADMIN_WRONG;
	}
	fd = open(options->key, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bytes = fd < 0 ? NULL : fd_read_all(arena, fd, KEY_SIZE_MAX, &length);
	if (bytes == NULL)
		complaint = strerror(errno);
	else if (signature_signer_begin(arena, signer, bytes, length, &complaint) == 0)
		complaint = NULL;
	if (bytes != NULL)
		explicit_bzero(bytes, length);
	if (complaint != NULL)
		message_error("%s: %s", options->key, complaint);
	return complaint == NULL ? ADMIN_OK : ADMIN_FOUND;
}

int bundle_key(struct arena *arena, const struct options *options)
{
	char text[SIGNATURE_KEY_TEXT_SIZE];
	struct signature_signer signer;
	const char *name;
	int status = open_key(arena, options, &signer, &name);

	if (status == ADMIN_OK) {
		signature_key_print(signer.public_key, text);
		printf("%s %s\n", name, text);
	}
	signature_signer_end(&signer);
	return status;
}

/* Later than the manifest that it takes the place of, even with a clock that was set back. */
static uint64_t next_serial(struct arena *arena, int directory)
{
	time_t now = time(NULL);
	uint64_t serial = now > 0 ? (uint64_t)now : 1;
	const char *complaint;
	struct bundle before;

	if (bundle_read(arena, directory, &before, &complaint) == 0 &&
		before.manifest.serial >= serial)
		serial = before.manifest.serial + 1;
	return serial;
}

static const char *name_of_directory(struct arena *arena, const char *path)
{
	char *whole = realpath(path, NULL);
	const char *slash = whole == NULL ? NULL : strrchr(whole, '/');
	const char *name = arena_strdup(arena, slash == NULL ? path : slash + 1);

	free(whole);
	return name;
}

/* Each file is whole or not there; the two are only good together. */
static int put(struct arena *arena, int directory, const char *name, const char *text)
{
	const char *temporary = arena_printf(arena, ".%s.%d", name, (int)getpid());
	_cleanup_fd_ int fd = openat(
		directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);

	if (fd >= 0 && fd_write_all(fd, text, strlen(text)) == 0 && fsync(fd) == 0 &&
		renameat(directory, temporary, directory, name) == 0)
		return 0;
	message_error("writing %s: %s", name, strerror(errno));
	if (fd >= 0)
		(void)unlinkat(directory, temporary, 0);
	return -1;
}

static int write_signed(struct arena *arena, int directory, const struct manifest *manifest,
	const struct signature_signer *signer, const char *key_name)
{
	const char *text = manifest_print(arena, manifest);
	struct seal seal = {.key_name = key_name};

	memcpy(seal.key, signer->public_key, sizeof(seal.key));
	if (signature_sign(signer, text, strlen(text), seal.signature) != 0) {
		message_error("the manifest could not be signed");
		return -1;
	}
	return put(arena, directory, MANIFEST_FILE, text) == 0 &&
			       put(arena, directory, SEAL_FILE, seal_print(arena, &seal)) == 0
		       ? 0
		       : -1;
}

static int sign(struct arena *arena, const struct options *options,
	const struct signature_signer *signer, const char *key_name)
{
	_cleanup_fd_ int directory = bundle_open_source(options->operands[1]);
	struct strings complaints = {0};
	struct manifest manifest;
	const char *refused;

	if (directory < 0)
		return ADMIN_FOUND;
	if (bundle_survey(arena, directory, &manifest, &complaints) != 0)
		return bundle_complain(&complaints);
	manifest.name = options->name != NULL ? options->name
					      : name_of_directory(arena, options->operands[1]);
	refused = manifest_name_refused(manifest.name);
	if (refused != NULL) {
		message_error("\"%s\" %s (--name)", manifest.name, refused);
		return ADMIN_WRONG;
	}
	manifest.serial = next_serial(arena, directory);
	if (write_signed(arena, directory, &manifest, signer, key_name) != 0)
		return ADMIN_FOUND;
	printf("signed %s, by key \"%s\"\n", escape_lines(arena, bundle_title(arena, &manifest)),
		key_name);
	return ADMIN_OK;
}

int bundle_sign(struct arena *arena, const struct options *options)
{
	struct signature_signer signer;
	const char *name = NULL;
	int status = open_key(arena, options, &signer, &name);

	if (status == ADMIN_OK)
		status = sign(arena, options, &signer, name);
	signature_signer_end(&signer);
	return status;
}
