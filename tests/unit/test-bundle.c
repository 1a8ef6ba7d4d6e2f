/* Bundles: what a manifest may say, whose signature counts, and what a directory may hold. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fd.h"
#include "bundle/bundle.h"
#include "bundle/remove.h"
#include "config/loader.h"
#include "config/trusted_keys.h"

#define HASH "d702b8871e9afa2cdda8e0d54230d283bfb83e8afb375fa14fd667964701edb4"
#define HEAD "rolegate-bundle 1\nname web\nserial 7\n"

/* The secret of RFC 8032, 7.1, test 1, and its public half. */
#define SECRET "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"
#define PUBLIC "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
/* Of test 2. */
#define OTHER "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="

struct fixture {
	struct arena *arena;
	char path[64];
	int fd;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	umask(022);
	fixture->arena = arena_new();
	snprintf(fixture->path, sizeof(fixture->path), "/tmp/rolegate-bundle.XXXXXX");
	assert_non_null(mkdtemp(fixture->path));
	fixture->fd = open(fixture->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fixture->fd >= 0);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(remove_tree(AT_FDCWD, fixture->path, NULL), 0);
	close(fixture->fd);
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

static void put(struct fixture *fixture, const char *name, const char *text, mode_t mode)
{
	_cleanup_fd_ int fd =
		openat(fixture->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
	assert_int_equal(fchmod(fd, mode), 0);
}

/* Each is said with its line, what is wrong and what was expected. */
static void every_mistake_of_a_manifest_is_told(void **state)
{
	static const char *const head = HEAD;
	static const struct {
		const char *rest; /* after HEAD, or after nothing if `whole` */
		bool whole;
		const char *complaint;
	} cases[] = {
		{"", true, ":1: it ends here; expected \"rolegate-bundle 1\""},
		{"rolegate-bundle 1", true, ":1: the line has no end, it is cut off"},
		{"rolegate-bundle 2\n", true, ":1: version \"2\" is not known; expected 1"},
		{"rolegate-bundle 01\n", true, ":1: version \"01\" is not known"},
		{"#!/bin/sh\n", true, ":1: \"#!/bin/sh\" is no manifest's beginning"},
		{"rolegate-bundle 1\r\n", true, ":1: the line ends in CR LF; expected LF alone"},
		{"rolegate-bundle 1\nserial 7\n", true,
			":2: \"serial 7\" is in the place of \"name\""},
		{"rolegate-bundle 1\nname \n", true, ":2: \"\" is no name of a bundle"},
		{"rolegate-bundle 1\nname \033[31m\n", true, ":2: \"\\x1b[31m\" is no name"},
		{"rolegate-bundle 1\nname web\nserial 0\n", true,
			":3: serial \"0\" is out of range"},
		{"rolegate-bundle 1\nname web\nserial 07\n", true, ":3: serial \"07\""},
		{"rolegate-bundle 1\nname web\nserial -1\n", true, ":3: serial \"-1\""},
		{"rolegate-bundle 1\nname web\nserial 7 \n", true, ":3: serial \"7 \""},
		{"rolegate-bundle 1\nname web\nserial 1000000000000000000\n", true,
			"expected a whole number, 1 to 999999999999999999"},
		{"rolegate-bundle 1\nname web\nserial 99999999999999999999999999\n", true,
			":3: serial"},
		{"files 0\n", false, ":4: files \"0\" is out of range"},
		{"files 20001\n", false, ":4: files \"20001\" is out of range"},
		{"files 2\n" HASH "  0644  a\n", false, ":6: it ends here"},
		{"files 2\n" HASH "  0644  a\n" HASH "  06", false, ":6: the line has no end"},
		{"files 1\n" HASH "  0644  a\n" HASH "  0644  b\n", false,
			":6: there is more than the 1 files that it announces"},
		{"files 1\n" HASH "  0644  a\n\n", false, ":6: there is more"},
		{"files 1\n" HASH "  0644  a\r\n", false, ":5: the line ends in CR LF"},
		{"files 1\n" HASH " 0644  a\n", false, ":5: \"" HASH},
		{"files 1\nD702" HASH "  0644  a\n", false, "expected \"SHA-256  mode  path\""},
		{"files 1\n" HASH "  644  a\n", false, "expected \"SHA-256  mode  path\""},
		{"files 1\n" HASH "  0664  a\n", false, ":5: a: mode 0664; expected 0600"},
		{"files 1\n" HASH "  4755  a\n", false, ":5: a: mode 4755; expected 0600"},
		{"files 1\n" HASH "  0644  \n", false, ":5: \"\" is not canonical"},
		{"files 1\n" HASH "  0644  ..\n", false,
			"expected a path without \".\" and \"..\""},
		{"files 1\n" HASH "  0644  roles.d/../../etc/passwd\n", false,
			":5: \"roles.d/../../etc/passwd\" is not canonical"},
		{"files 1\n" HASH "  0644  ./a\n", false, "is not canonical"},
		{"files 1\n" HASH "  0644  a//b\n", false, "without empty parts"},
		{"files 1\n" HASH "  0644  a/\n", false, "without empty parts"},
		{"files 1\n" HASH "  0644  /etc/passwd\n", false,
			":5: \"/etc/passwd\" is absolute; expected a path below the bundle"},
		{"files 1\n" HASH "  0644  .git/config\n", false, "has a hidden part"},
		{"files 1\n" HASH "  0644  a\tb\n", false, "has control characters"},
		{"files 1\n" HASH "  0644  a\xff\n", false, "is not UTF-8"},
		{"files 1\n" HASH "  0644  bundle.sig\n", false, "belongs to the bundle itself"},
		{"files 1\n" HASH "  0644  bundle.new\n", false, "belongs to the bundle itself"},
		{"files 1\n" HASH "  0644  1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17\n", false,
			"is too deep"},
		{"files 2\n" HASH "  0644  a\n" HASH "  0644  a\n", false, ":6: a is listed twice"},
		{"files 2\n" HASH "  0644  b\n" HASH "  0644  a\n", false,
			":6: a is out of order; expected paths sorted by bytes"},
	};
	struct arena *arena = ((struct fixture *)*state)->arena;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text =
			arena_printf(arena, "%s%s", cases[i].whole ? "" : head, cases[i].rest);
		const char *complaint = NULL;
		struct manifest manifest;

		assert_int_equal(
			manifest_parse(arena, text, strlen(text), &manifest, &complaint), -1);
		if (strstr(complaint, cases[i].complaint) == NULL)
			fail_msg("%s\nis refused with\n%s", text, complaint);
		assert_ptr_equal(strstr(complaint, MANIFEST_FILE ":"), complaint);
	}
}

static void a_manifest_with_a_nul_or_too_large_is_refused(void **state)
{
	struct arena *arena = ((struct fixture *)*state)->arena;
	static const char text[] = HEAD "files 1\n" HASH "  0644  a\0b\n";
	const char *complaint = NULL;
	struct manifest manifest;

	assert_int_equal(manifest_parse(arena, text, sizeof(text) - 1, &manifest, &complaint), -1);
	assert_non_null(strstr(complaint, "NUL byte"));
	assert_int_equal(
		manifest_parse(arena, text, MANIFEST_SIZE_MAX + 1, &manifest, &complaint), -1);
	assert_non_null(strstr(complaint, "larger than 4 MiB"));
}

static void a_manifest_comes_back_from_its_print(void **state)
{
	static const char text[] =
		HEAD "files 3\n" HASH "  0600  a b\n" HASH "  0755  a/b\n" HASH "  0644  ä.conf\n";
	struct arena *arena = ((struct fixture *)*state)->arena;
	const char *complaint = NULL;
	struct manifest manifest;

	assert_int_equal(manifest_parse(arena, text, sizeof(text) - 1, &manifest, &complaint), 0);
	assert_null(complaint);
	assert_int_equal(manifest.serial, 7);
	assert_string_equal(manifest_print(arena, &manifest), text);
	assert_ptr_equal(manifest_find(&manifest, "a/b"), &manifest.files[1]);
	assert_null(manifest_find(&manifest, "a/c"));
}

static struct seal sign(struct arena *arena, const char *text)
{
	static const char pem[] =
		"-----BEGIN PRIVATE KEY-----\n" SECRET "\n-----END PRIVATE KEY-----\n";
	struct signature_signer signer;
	struct seal seal = {.key_name = "release"};
	const char *complaint = NULL;

	assert_int_equal(
		signature_signer_begin(arena, &signer, pem, sizeof(pem) - 1, &complaint), 0);
	memcpy(seal.key, signer.public_key, sizeof(seal.key));
	assert_int_equal(signature_sign(&signer, text, strlen(text), seal.signature), 0);
	signature_signer_end(&signer);
	return seal;
}

static struct trusted_key key_of(const char *name, const char *text)
{
	struct trusted_key key = {.name = name};
	const char *complaint;

	assert_int_equal(signature_key_parse(text, key.key, &complaint), 0);
	return key;
}

static void a_key_is_trusted_for_its_bytes_alone(void **state)
{
	struct arena *arena = ((struct fixture *)*state)->arena;
	struct seal seal = sign(arena, "text");
	const struct trusted_key keys[] = {key_of("release", OTHER), key_of("mine", PUBLIC)};
	const char *complaint = NULL;

	assert_ptr_equal(seal_judge(arena, &seal, keys, 2, "text", 4, &complaint), &keys[1]);
	assert_null(seal_judge(arena, &seal, keys, 1, "text", 4, &complaint)); /* of that name */
	assert_non_null(strstr(complaint, "signed by key \"release\" (" PUBLIC
					  "), which is not trusted; expected one of: release"));
	assert_null(seal_judge(arena, &seal, keys, 0, "text", 4, &complaint));
	assert_non_null(strstr(complaint, "there is no trusted key"));
	assert_null(seal_judge(arena, &seal, keys, 2, "Text", 4, &complaint));
	assert_non_null(strstr(complaint, "by key \"mine\" is not over this bundle.manifest"));
	memcpy(seal.key, keys[0].key, sizeof(seal.key));
	assert_null(seal_judge(arena, &seal, keys, 2, "text", 4, &complaint));
}

static void every_mistake_of_a_seal_is_told(void **state)
{
	struct arena *arena = ((struct fixture *)*state)->arena;
	const char *good = seal_print(arena, &(struct seal){.key_name = "x"}), *text = good;
	struct seal seal = sign(arena, "text"), parsed;
	const char *complaint = NULL;
	static const struct {
		const char *text, *complaint;
	} cases[] = {
		{"", "bundle.sig: expected three lines"},
		{"rolegate-signature 1\nkey a b\nsignature c", "bundle.sig: expected three lines"},
		{"rolegate-signature 1\nkey a b\nsignature c\nmore\n", "expected three lines"},
		{"rolegate-signature 2\nkey a b\nsignature c\n", ":1: expected"},
		{"rolegate-signature 1\nkey a\nsignature c\n", ":2: the key: expected \"key NAME"},
		{"rolegate-signature 1\nkey a/b " PUBLIC "\nsignature c\n", ":2: the key"},
		{"rolegate-signature 1\nkey a rsa:AAAA\nsignature c\n", "no supported algorithm"},
		{"rolegate-signature 1\nkey a " PUBLIC "\nsignature AAAA\n",
			":3: the signature: expected the base64 of 64 bytes"},
		{"rolegate-signature 1\r\nkey a " PUBLIC "\r\nsignature AAAA\r\n", ":1: expected"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(seal_parse(arena, cases[i].text, strlen(cases[i].text), &parsed,
					 &complaint),
			-1);
		if (strstr(complaint, cases[i].complaint) == NULL)
			fail_msg("%s\nis refused with\n%s", cases[i].text, complaint);
	}
	assert_int_equal(seal_parse(arena, text, strlen(text), &parsed, &complaint), -1);
	assert_non_null(strstr(complaint, "small order"));
	text = seal_print(arena, &seal);
	assert_int_equal(seal_parse(arena, text, strlen(text), &parsed, &complaint), 0);
	assert_string_equal(seal_print(arena, &parsed), text);
}

static void survey(struct fixture *fixture, struct manifest *manifest)
{
	struct strings complaints = {0};

	assert_int_equal(bundle_survey(fixture->arena, fixture->fd, manifest, &complaints), 0);
	manifest->name = "test";
	manifest->serial = 1;
}

static void fill(struct fixture *fixture, struct manifest *manifest)
{
	assert_int_equal(mkdirat(fixture->fd, "roles.d", 0755), 0);
	assert_int_equal(mkdirat(fixture->fd, "scripts", 0755), 0);
	put(fixture, "rolegate.conf", "a", 0644);
	put(fixture, "roles.d/web.role", "b", 0644);
	put(fixture, "scripts/go", "#!/bin/sh\n", 0755);
	put(fixture, MANIFEST_FILE, "", 0644);
	put(fixture, SEAL_FILE, "", 0644);
	survey(fixture, manifest);
	assert_int_equal(manifest->count, 3);
}

/* The directory no longer is what was surveyed, and `part` is in the one sentence about it. */
static void expect_change(
	struct fixture *fixture, const struct manifest *manifest, const char *part)
{
	struct strings complaints = {0};

	assert_int_equal(
		bundle_verify(fixture->arena, fixture->fd, manifest, NULL, NULL, &complaints), -1);
	assert_true(complaints.count > 0);
	if (strstr(complaints.items[0], part) == NULL)
		fail_msg("expected \"%s\" in: %s", part, complaints.items[0]);
}

static void expect_same(struct fixture *fixture, const struct manifest *manifest)
{
	struct strings complaints = {0};

	assert_int_equal(
		bundle_verify(fixture->arena, fixture->fd, manifest, NULL, NULL, &complaints), 0);
}

static void every_change_of_a_file_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct manifest manifest;

	fill(fixture, &manifest);
	expect_same(fixture, &manifest);
	put(fixture, "rolegate.conf", "A", 0644);
	expect_change(fixture, &manifest, "rolegate.conf: its SHA-256 is 559aead08264d5795d39097");
	put(fixture, "rolegate.conf", "a", 0644);
	put(fixture, "scripts/go", "#!/bin/sh\n", 0644);
	expect_change(fixture, &manifest, "scripts/go: its mode is 0644; expected 0755, as signed");
	put(fixture, "scripts/go", "#!/bin/sh\n", 04755);
	expect_change(fixture, &manifest, "scripts/go: its mode is 4755");
	put(fixture, "scripts/go", "#!/bin/sh\n", 0755);
	put(fixture, "roles.d/more.role", "", 0644);
	expect_change(fixture, &manifest, "roles.d/more.role: it is not in the manifest");
	assert_int_equal(unlinkat(fixture->fd, "roles.d/more.role", 0), 0);
	assert_int_equal(unlinkat(fixture->fd, "roles.d/web.role", 0), 0);
	expect_change(fixture, &manifest, "roles.d/web.role: it is missing");
	assert_int_equal(mkdirat(fixture->fd, "roles.d/web.role", 0755), 0);
	expect_change(fixture, &manifest, "roles.d/web.role: no file");
	assert_int_equal(unlinkat(fixture->fd, "roles.d/web.role", AT_REMOVEDIR), 0);
	put(fixture, "roles.d/web.role", "b", 0644);
	expect_same(fixture, &manifest);
}

static void R26_links_and_special_files_are_refused(void **state)
{
	struct fixture *fixture = *state;
	struct manifest manifest;

	fill(fixture, &manifest);
	assert_int_equal(unlinkat(fixture->fd, "roles.d/web.role", 0), 0);
	put(fixture, "roles.d/real", "b", 0644);
	assert_int_equal(symlinkat("real", fixture->fd, "roles.d/web.role"), 0);
	expect_change(fixture, &manifest, "roles.d/web.role is a symbolic link");
	assert_int_equal(unlinkat(fixture->fd, "roles.d/web.role", 0), 0);
	assert_int_equal(mkfifoat(fixture->fd, "roles.d/web.role", 0644), 0);
	expect_change(fixture, &manifest, "roles.d/web.role is no file");
	assert_int_equal(unlinkat(fixture->fd, "roles.d/web.role", 0), 0);
	assert_int_equal(unlinkat(fixture->fd, "roles.d/real", 0), 0);
	/* A directory that is a link to one with the very same file. */
	assert_int_equal(renameat(fixture->fd, "roles.d", fixture->fd, "other"), 0);
	put(fixture, "other/web.role", "b", 0644);
	assert_int_equal(symlinkat("other", fixture->fd, "roles.d"), 0);
	expect_change(fixture, &manifest, "is a symbolic link");
	assert_int_equal(unlinkat(fixture->fd, MANIFEST_FILE, 0), 0);
	assert_int_equal(symlinkat("rolegate.conf", fixture->fd, MANIFEST_FILE), 0);
	expect_change(fixture, &manifest, "is a symbolic link");
}

static void what_can_not_be_signed_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct strings complaints = {0};
	struct manifest manifest;
	const char *all;

	assert_int_equal(bundle_survey(fixture->arena, fixture->fd, &manifest, &complaints), -1);
	assert_string_equal(complaints.items[0], "there is no file to sign");
	complaints.count = 0;
	put(fixture, "rolegate.conf", "a", 0664);
	put(fixture, "\033[31m", "a", 0644);
	put(fixture, ".hidden", "a", 0644);
	assert_int_equal(bundle_survey(fixture->arena, fixture->fd, &manifest, &complaints), -1);
	all = strings_join(fixture->arena, &complaints, "\n");
	assert_non_null(strstr(all, ".hidden has a hidden part"));
	assert_non_null(strstr(all, "\\x1b[31m has control characters"));
	assert_int_equal(unlinkat(fixture->fd, ".hidden", 0), 0);
	assert_int_equal(unlinkat(fixture->fd, "\033[31m", 0), 0);
	complaints.count = 0;
	assert_int_equal(bundle_survey(fixture->arena, fixture->fd, &manifest, &complaints), -1);
	assert_string_equal(complaints.items[0],
		"rolegate.conf: its mode is 0664; expected 0600, 0644, 0700 or 0755");
}

struct swap {
	struct fixture *fixture;
	char seen[8];
};

/* Once the file was hashed, it is another. */
static int take_late(void *context, const struct manifest_file *file, const char *bytes,
	size_t length, const char **complaint)
{
	struct swap *swap = context;

	(void)complaint;
	put(swap->fixture, file->path, "evil", 0644);
	assert_int_equal(length, 4);
	memcpy(swap->seen, bytes, length);
	return 0;
}

static void R26_what_is_taken_is_what_was_hashed(void **state)
{
	struct fixture *fixture = *state;
	struct swap swap = {.fixture = fixture};
	struct strings complaints = {0};
	struct manifest manifest;

	put(fixture, "rolegate.conf", "good", 0644);
	survey(fixture, &manifest);
	assert_int_equal(bundle_verify(fixture->arena, fixture->fd, &manifest, take_late, &swap,
				 &complaints),
		0);
	assert_string_equal(swap.seen, "good");
	expect_change(fixture, &manifest, "rolegate.conf: its SHA-256 is");
}

static void nothing_unsigned_is_parsed(void **state)
{
	struct fixture *fixture = *state;
	struct arena *arena = fixture->arena;
	const struct trusted_key key = key_of("mine", PUBLIC);
	struct seal seal = sign(arena, "something else\n");
	const char *complaint = NULL;
	struct bundle bundle;

	put(fixture, MANIFEST_FILE, "no manifest at all", 0644);
	assert_null(bundle_read_signed(arena, fixture->fd, &key, 1, &bundle, &complaint));
	assert_string_equal(complaint, "bundle.sig: it is missing");
	put(fixture, SEAL_FILE, seal_print(arena, &seal), 0644);
	assert_null(bundle_read_signed(arena, fixture->fd, &key, 1, &bundle, &complaint));
	assert_non_null(strstr(complaint, "is not over this bundle.manifest"));
	seal = sign(arena, "no manifest at all");
	put(fixture, SEAL_FILE, seal_print(arena, &seal), 0644);
	assert_null(bundle_read_signed(arena, fixture->fd, &key, 1, &bundle, &complaint));
	assert_non_null(strstr(complaint, "bundle.manifest:1: the line has no end"));
	assert_int_equal(unlinkat(fixture->fd, MANIFEST_FILE, 0), 0);
	assert_null(bundle_read_signed(arena, fixture->fd, &key, 1, &bundle, &complaint));
	assert_string_equal(complaint, "bundle.manifest: it is missing");
}

static void load_keys(
	struct arena *arena, const char *list, struct policy **policy, struct problems *problems)
{
	const char *text = arena_printf(arena,
		"trusted_keys = ( %s );\n"
		"endpoints = ( { name = \"a\"; role_definitions = ( { user = \"u\"; roles = [ "
		"\"r\" ]; } ); } );",
		list);
	const struct config_file files[] = {
		{"rolegate.conf", text, strlen(text)}, {"roles.d/r.role", "", 0}};

	*problems = (struct problems){.arena = arena};
	*policy = config_load_memory(arena, files, 2, problems);
}

static void trusted_keys_of_a_configuration(void **state)
{
	static const struct {
		const char *list, *complaint;
	} cases[] = {
		{"{ name = \"a\"; }", "\"key\""},
		{"{ key = \"" PUBLIC "\"; }", "\"name\""},
		{"{ name = \"a b\"; key = \"" PUBLIC "\"; }", "name"},
		{"{ name = \"a\"; key = \"rsa:AAAA\"; }",
			"key = \"rsa:AAAA\" is refused: it is of no supported algorithm"},
		{"{ name = \"a\"; key = \"ed25519:AAAA\"; }", "the base64 of 32 bytes"},
		{"{ name = \"a\"; key = \"" PUBLIC "\"; }, { name = \"a\"; key = \"" OTHER "\"; }",
			"trusted key \"a\" is already defined at rolegate.conf:1"},
		{"{ name = \"a\"; key = \"" PUBLIC "\"; level = \"system\"; }", "\"level\""},
	};
	struct arena *arena = ((struct fixture *)*state)->arena;
	struct problems problems;
	struct policy *policy;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		load_keys(arena, cases[i].list, &policy, &problems);
		assert_null(policy);
		if (strstr(problems.items[0].text, cases[i].complaint) == NULL)
			fail_msg("%s: %s", cases[i].list, problems.items[0].text);
	}
	load_keys(arena, "{ name = \"a\"; key = \"" PUBLIC "\"; }", &policy, &problems);
	assert_non_null(policy);
	assert_int_equal(policy->key_count, 1);
	assert_memory_equal(policy->keys[0].key, key_of("a", PUBLIC).key, 32);
}

static void keys_of_a_file(void **state)
{
	static const struct {
		const char *text, *complaint;
	} bad[] = {
		{"", "there is no key in it"},
		{"# nothing\n\n", "there is no key in it"},
		{"a\n", "line 1: expected \"NAME ed25519:BASE64\""},
		{"\na  " PUBLIC "\n", "line 2: it is of no supported algorithm"},
		{"a/b " PUBLIC "\n", "line 1: expected"},
		{"a " PUBLIC "\r\n", "line 1: expected"},
		{"a " PUBLIC "\na " OTHER "\n", "line 2: a key of this name or of these bytes"},
	};
	static const char good[] = "# both\na " PUBLIC "\n\nb " OTHER;
	struct arena *arena = ((struct fixture *)*state)->arena;
	const char *complaint = NULL;
	struct trusted_keys keys;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(trusted_keys_parse(arena, bad[i].text, strlen(bad[i].text), &keys,
					 &complaint),
			-1);
		if (strstr(complaint, bad[i].complaint) == NULL)
			fail_msg("%s: %s", bad[i].text, complaint);
	}
	assert_int_equal(trusted_keys_parse(arena, good, sizeof(good) - 1, &keys, &complaint), 0);
	assert_int_equal(keys.count, 2);
	assert_string_equal(keys.items[1].name, "b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mistake_of_a_manifest_is_told),
		cmocka_unit_test(a_manifest_with_a_nul_or_too_large_is_refused),
		cmocka_unit_test(a_manifest_comes_back_from_its_print),
		cmocka_unit_test(a_key_is_trusted_for_its_bytes_alone),
		cmocka_unit_test(every_mistake_of_a_seal_is_told),
		cmocka_unit_test_setup_teardown(every_change_of_a_file_is_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			R26_links_and_special_files_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_can_not_be_signed_is_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			R26_what_is_taken_is_what_was_hashed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_unsigned_is_parsed, set_up, tear_down),
		cmocka_unit_test(trusted_keys_of_a_configuration),
		cmocka_unit_test(keys_of_a_file),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
