/* The registry of trusted scripts: its files, what content is good for, and what runs then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config-fixture.h"
#include "policy/decide.h"

#define ID(n) "0000000" #n "-0000-4000-8000-000000000000"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define KEY "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" /* RFC 8032, test 1 */

static const char main_file[] =
	"endpoints = ( { name = \"e\"; run_as = \"svc\"; role_definitions = ( { user = \"dana\"; "
	"roles = [ \"r\" ]; } ); },\n"
	"  { name = \"narrow\"; run_as = \"svc\"; profile = \"read-only\"; } );\n";

static const char functions[] =
	"functions = (\n"
	"  { name = \"wide\"; script = \"echo hello\"; interpreter = \"/bin/sh\"; profile = "
	"\"unrestricted\"; },\n"
	"  { name = \"narrow\"; script = \"echo hello\"; interpreter = \"/bin/sh\"; profile = "
	"\"read-only-offline\"; },\n"
	"  { name = \"rooted\"; script = \"echo hello\"; interpreter = \"/bin/sh\"; run_as = "
	"\"root\"; },\n"
	"  { name = \"filed\"; file = \"/opt/scripts/filed\"; } );\n";

static const char role[] = "visible_functions = [ \"wide\", \"narrow\", \"rooted\", \"filed\" ];\n";

/* `more` is added to rolegate.conf; `trusted`: a file of trusted.d, or NULL. */
static struct loaded load(const char *more, const char *trusted)
{
	char text[4096];
	struct config_file files[] = {
		{"rolegate.conf", text, 0},
		{"functions.d/f.conf", functions, sizeof(functions) - 1},
		{"roles.d/r.role", role, sizeof(role) - 1},
		{"trusted.d/t.conf", trusted, trusted == NULL ? 0 : strlen(trusted)},
	};

	files[0].length = (size_t)snprintf(text, sizeof(text), "%s%s", main_file, more);
	return load_only(files, trusted == NULL ? 3 : 4);
}

static struct loaded load_good(const char *more, const char *trusted)
{
	struct loaded loaded = load(more, trusted);

	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), "");
	assert_non_null(loaded.policy);
	return loaded;
}

static const struct function *function_of(const struct loaded *loaded, const char *name)
{
	const struct command *command = table_get(&loaded->policy->command_by_name, name);

	assert_non_null(command);
	return command->function;
}

static const char *hash_of(const struct loaded *loaded, const char *name)
{
	return function_of(loaded, name)->script.content.digest;
}

/* The digest of what `wide`, `narrow` and `rooted` run. */
static const char *hello(void)
{
	static char digest[65];
	struct loaded loaded = load_good("", NULL);

	memcpy(digest, hash_of(&loaded, "wide"), sizeof(digest));
	loaded_free(&loaded);
	return digest;
}

static const char *entry(const char *rest)
{
	static char text[2048];

	snprintf(text, sizeof(text), "trusted = ( { id = \"" ID(1) "\"; %s } );", rest);
	return text;
}

static void expect_error(const char *more, const char *trusted, const char *expected)
{
	struct loaded loaded = load(more, trusted);
	const char *errors = problem_lines(&loaded, PROBLEM_ERROR);

	assert_null(loaded.policy);
	if (strstr(errors, expected) == NULL)
		fail_msg("expected \"%s\" in:\n%s", expected, errors);
	loaded_free(&loaded);
}

static void R35_only_sha256_by_name_is_taken(void **state)
{
	static const struct {
		const char *hash, *complaint;
	} cases[] = {
		{"sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
			"the algorithm \"sha1\" is too weak to trust anything by"},
		{"md5:d41d8cd98f00b204e9800998ecf8427e",
			"the algorithm \"md5\" is too weak to trust anything by"},
		{"MD5:d41d8cd98f00b204e9800998ecf8427e", "the algorithm \"MD5\" is too weak"},
		{"sha512:" ZEROS ZEROS, "the algorithm \"sha512\" is unknown"},
		{"SHA256:" ZEROS, "the algorithm \"SHA256\" is unknown"},
		{"whirlpool:" ZEROS, "the algorithm \"whirlpool\" is unknown"},
		{":" ZEROS, "the algorithm \"\" is unknown"},
		{ZEROS, "it does not name its algorithm"},
		{"", "it does not name its algorithm"},
		{"sha256:", "sha256 has 64 hexadecimal digits, and this has 0 characters"},
		{"sha256:" ZEROS "0", "and this has 65 characters"},
		{"sha256:000", "and this has 3 characters"},
		{"sha256: " ZEROS, "and this has 65 characters"},
		{"sha256:"
		 "A000000000000000000000000000000000000000000000000000000000000000",
			"sha256 is written with digits in lower case"},
		{"sha256:"
		 "g000000000000000000000000000000000000000000000000000000000000000",
			"sha256 has 64 hexadecimal digits"},
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text),
			"function = \"wide\"; level = \"trusted\"; content_hash = \"%s\";",
			cases[i].hash);
		expect_error("", entry(text), cases[i].complaint);
		snprintf(text, sizeof(text),
			"function = \"wide\"; level = \"trusted\"; content_hash = \"sha256:" ZEROS
			"\"; interpreter_hash = \"%s\";",
			cases[i].hash);
		expect_error("", entry(text), cases[i].complaint);
	}
}

#define GOOD_HASH "content_hash = \"sha256:" ZEROS "\"; "

static void R5_an_entry_that_is_not_exact_is_refused(void **state)
{
	static const struct {
		const char *rest, *complaint;
	} cases[] = {
		{GOOD_HASH "level = \"trusted\";",
			"expected exactly one of \"function\" and \"path\""},
		{GOOD_HASH "level = \"trusted\"; function = \"wide\"; path = \"/opt/a\";",
			"expected exactly one of \"function\" and \"path\""},
		{"level = \"trusted\"; function = \"wide\";",
			"expected exactly one of \"content_hash\" and \"signed_by\""},
		{GOOD_HASH "level = \"trusted\"; function = \"wide\"; signed_by = \"k\";",
			"expected exactly one of \"content_hash\" and \"signed_by\""},
		{GOOD_HASH "function = \"wide\";", "key \"level\" is missing"},
		{GOOD_HASH "function = \"wide\"; level = \"system\";",
			"level = \"system\" is for rolegate.conf alone"},
		{GOOD_HASH "function = \"wide\"; level = \"root\";", "level = \"root\" is unknown"},
		{GOOD_HASH "function = \"wide\"; level = \"trusted\"; on_mismatch = \"run\";",
			"on_mismatch = \"run\" is unknown"},
		{GOOD_HASH "function = \"wide\"; level = \"trusted\"; hash = \"x\";",
			"key \"hash\" is unknown"},
		{GOOD_HASH "function = \"wyde\"; level = \"trusted\";",
			"function \"wyde\" is not defined (did you mean \"wide\"?)"},
		{GOOD_HASH "function = \"wide\"; level = \"trusted\"; exports = [ \"wide\" ];",
			"exports and others are for a file of functions"},
		{GOOD_HASH
			"path = \"/opt/scripts/filed\"; level = \"trusted\"; others = \"remove\";",
			"exports and others are for a file of functions"},
		{GOOD_HASH
			"path = \"functions.d/f.conf\"; level = \"trusted\"; others = \"remove\";",
			"expected \"exports\" with it"},
		{GOOD_HASH "path = \"functions.d/f.conf\"; level = \"trusted\"; exports = [];",
			"exports is empty"},
		{GOOD_HASH "path = \"functions.d/g.conf\"; level = \"trusted\";",
			"there is no file functions.d/g.conf"},
		{GOOD_HASH
			"path = \"functions.d/f.conf\"; level = \"trusted\"; exports = [ \"x\" ];",
			"function \"x\" in exports is not defined in functions.d/f.conf"},
		{GOOD_HASH "path = \"functions.d/f.conf\"; level = \"trusted\"; exports = [ "
			   "\"filed\" ];",
			"the script of function \"filed\" is not in functions.d/f.conf"},
		{GOOD_HASH "path = \"functions.d/f.conf\"; level = \"trusted\"; interpreter_hash = "
			   "\"sha256:" ZEROS "\";",
			"interpreter_hash is of one script"},
		{GOOD_HASH "path = \"functions.d/../x.conf\"; level = \"trusted\";", "expected"},
		{GOOD_HASH "path = \"opt/x\"; level = \"trusted\";", "expected the full path"},
		{GOOD_HASH "path = \"/opt/../x\"; level = \"trusted\";", "expected the full path"},
		{"signed_by = \"k\"; path = \"/opt/scripts/filed\"; level = \"trusted\";",
			"signed_by = \"k\" is no key of trusted_keys"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_error("", entry(cases[i].rest), cases[i].complaint);
}

static void R5_an_id_is_a_uuid_and_there_is_one_of_it(void **state)
{
	static const char *const ids[] = {"", "1", "00000000-0000-4000-8000-00000000000",
		"00000000-0000-4000-8000-0000000000000", "0000000A-0000-4000-8000-000000000000",
		"00000000_0000-4000-8000-000000000000", "0000000-00000-4000-8000-000000000000"};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		snprintf(text, sizeof(text),
			"trusted = ( { id = \"%s\"; function = \"wide\"; " GOOD_HASH
			"level = \"trusted\"; } );",
			ids[i]);
		expect_error("", text, "expected a UUID in lower case");
	}
	expect_error("",
		"trusted = ( { function = \"wide\"; " GOOD_HASH "level = \"trusted\"; } );",
		"key \"id\" is missing");
	expect_error("",
		"trusted = ( { id = \"" ID(
			1) "\"; function = \"wide\"; " GOOD_HASH "level = \"trusted\"; },\n"
			   "  { id = \"" ID(1) "\"; function = \"narrow\"; " GOOD_HASH
					       "level = \"trusted\"; } );",
		"trusted.d/t.conf:2: trusted: id " ID(1) " has an entry already, at "
							 "trusted.d/t.conf:1");
}

#define TWO(first, second)                                                                         \
	"trusted = ( { id = \"" ID(                                                                \
		1) "\"; level = \"trusted\"; " GOOD_HASH first " },\n"                             \
		   "  { id = \"" ID(2) "\"; level = \"trusted\"; " GOOD_HASH second " } );"

static void R5_no_target_has_two_entries(void **state)
{
	static const struct {
		const char *text, *complaint;
	} cases[] = {
		{TWO("function = \"wide\";", "function = \"wide\";"),
			"function wide has an entry already, at trusted.d/t.conf:1"},
		{TWO("path = \"/opt/scripts/filed\";", "path = \"/opt/scripts/filed\";"),
			"path /opt/scripts/filed has an entry already"},
		{TWO("function = \"filed\";", "path = \"/opt/scripts/filed\";"),
			"function \"filed\" has an entry already, for its script"},
		{TWO("function = \"wide\";", "path = \"functions.d/f.conf\";"),
			"function \"wide\" has an entry already, for its file"},
		{TWO("function = \"wide\";",
			 "path = \"functions.d/f.conf\"; exports = [ \"narrow\" ];"),
			"function \"wide\" is not exported by trusted.d/t.conf:2"},
		{TWO("path = \"functions.d/f.conf\";", "path = \"functions.d/f.conf\";"),
			"path functions.d/f.conf has an entry already"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_error("", cases[i].text, cases[i].complaint);
}

static void keys_are_of_rolegate_conf_alone(void **state)
{
	struct loaded loaded;

	(void)state;
	expect_error("", "trusted_keys = ( { name = \"k\"; key = \"" KEY "\"; } );",
		"key \"trusted_keys\" is unknown");
	expect_error("trusted_keys = ( { name = \"k\"; key = \"ed25519:AAAA\"; } );", NULL,
		"expected \"ed25519:\"");
	expect_error("trusted_keys = ( { name = \"k\"; key = \"rsa:AAAA\"; } );", NULL,
		"expected \"ed25519:\"");
	expect_error("trusted_keys = ( { name = \"k\"; key = \"" KEY
		     "\"; }, { name = \"k\"; key = \"" KEY "\"; } );",
		NULL, "trusted key \"k\" is already defined at rolegate.conf:");
	expect_error("trusted_keys = ( { name = \"k\"; key = \"" KEY "\"; } );",
		entry("signed_by = \"k\"; function = \"wide\"; level = \"trusted\";"),
		"only files are signed");
	loaded = load_good("trusted_keys = ( { name = \"k\"; key = \"" KEY "\"; } );",
		entry("signed_by = \"k\"; path = \"/opt/scripts/filed\"; level = \"trusted\";"));
	assert_ptr_equal(function_of(&loaded, "filed")->trust->key, &loaded.policy->keys[0]);
	loaded_free(&loaded);
}

static void system_is_said_by_rolegate_conf_alone(void **state)
{
	struct loaded loaded =
		load_good(entry("function = \"wide\"; level = \"system\"; " GOOD_HASH), NULL);

	(void)state;
	assert_int_equal(function_of(&loaded, "wide")->trust->level, TRUST_SYSTEM);
	loaded_free(&loaded);
}

static void a_script_of_no_function_is_a_warning(void **state)
{
	struct loaded loaded =
		load_good("", entry("path = \"/opt/none\"; level = \"trusted\"; " GOOD_HASH));

	(void)state;
	assert_string_equal(problem_lines(&loaded, PROBLEM_WARNING),
		"trusted.d/t.conf:1: trusted: no function has the script /opt/none");
	loaded_free(&loaded);
}

static struct decision decide_on(struct loaded *loaded, size_t endpoint, const char *word,
	const struct script_content *content, const char *interpreter)
{
	struct role_set roles = role_set_new(loaded->arena, loaded->policy);
	struct decision_request request = {
		.policy = loaded->policy,
		.endpoint = &loaded->policy->endpoints[endpoint],
		.roles = &roles,
		.words = &word,
		.count = 1,
		.content = content,
		.interpreter_digest = interpreter,
	};
	struct decision decision;

	role_set_add(&roles, policy_role(loaded->policy, "r"));
	decide(loaded->arena, &request, &decision);
	return decision;
}

/* One entry for `function`, whose digest is that of what it runs, or not. */
static struct loaded load_entry(
	const char *function, const char *level, const char *mismatch, bool matches)
{
	char text[512];

	snprintf(text, sizeof(text),
		"trusted = ( { id = \"" ID(
			1) "\"; function = \"%s\"; level = \"%s\"; on_mismatch = "
			   "\"%s\"; content_hash = \"sha256:%s\"; } );",
		function, level, mismatch, matches ? hello() : ZEROS);
	return load_good(text, NULL);
}

static const char *profiles(struct loaded *loaded, const struct decision *decision)
{
	return strings_join(loaded->arena, &decision->confinement->profiles, "+");
}

static void levels_decide_the_profile(void **state)
{
	static const struct {
		const char *level;
		size_t endpoint;
		const char *profiles;
	} cases[] = {
		{"untrusted", 0, "standard+unrestricted"},
		{"untrusted", 1, "read-only+standard+unrestricted"},
		{"trusted", 0, "unrestricted"},
		{"trusted", 1, "read-only+unrestricted"},
		{"system", 0, "unrestricted"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct loaded loaded = load_entry("wide", cases[i].level, "block", true);
		struct decision decision =
			decide_on(&loaded, cases[i].endpoint, "wide", NULL, NULL);

		assert_int_equal(decision.verdict, VERDICT_ALLOW);
		assert_string_equal(trust_level_names[decision.trust.level], cases[i].level);
		assert_string_equal(profiles(&loaded, &decision), cases[i].profiles);
		assert_int_equal(decision.confinement->restriction.has[RESTRICT_EXECUTE],
			i < 2 || cases[i].endpoint == 1);
		loaded_free(&loaded);
	}
}

static void no_entry_is_untrusted(void **state)
{
	struct loaded loaded = load_good("", NULL);
	struct decision decision = decide_on(&loaded, 0, "wide", NULL, NULL);

	(void)state;
	assert_int_equal(decision.verdict, VERDICT_ALLOW);
	assert_int_equal(decision.trust.level, TRUST_UNTRUSTED);
	assert_string_equal(decision.trust.note, "no entry of trusted.d is for it");
	assert_string_equal(decision.profile, "standard");
	assert_string_equal(profiles(&loaded, &decision), "standard+unrestricted");
	loaded_free(&loaded);
}

/* "Untrusted" must not be the way to more than what it asks for. */
static void what_is_untrusted_keeps_a_narrower_profile(void **state)
{
	struct loaded loaded = load_good("", NULL);
	struct decision decision = decide_on(&loaded, 0, "narrow", NULL, NULL);
	const struct restriction *restriction = &decision.confinement->restriction;

	(void)state;
	assert_int_equal(decision.verdict, VERDICT_ALLOW);
	assert_string_equal(profiles(&loaded, &decision), "standard+read-only-offline");
	assert_true(restriction->has[RESTRICT_WRITE]);
	assert_int_equal(restriction->write.count, 0);
	assert_int_equal(restriction->network, NETWORK_NONE);
	loaded_free(&loaded);
}

static void root_is_for_system_alone(void **state)
{
	static const struct {
		const char *level;
		enum reason reason;
	} cases[] = {{"untrusted", REASON_UNTRUSTED}, {"trusted", REASON_UNTRUSTED},
		{"system", REASON_PERMITTED}};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct loaded loaded = load_entry("rooted", cases[i].level, "block", true);
		struct decision decision = decide_on(&loaded, 0, "rooted", NULL, NULL);

		assert_int_equal(decision.reason, cases[i].reason);
		if (decision.reason == REASON_UNTRUSTED)
			assert_non_null(strstr(
				decision.detail, "only a script of level \"system\" runs as root"));
		loaded_free(&loaded);
	}
}

static void what_differs_is_blocked_constrained_or_told(void **state)
{
	static const struct {
		const char *mismatch, *level;
		enum reason reason;
		enum trust_level got;
	} cases[] = {
		{"block", "trusted", REASON_UNTRUSTED, TRUST_UNTRUSTED},
		{"constrain", "trusted", REASON_PERMITTED, TRUST_UNTRUSTED},
		{"constrain", "system", REASON_PERMITTED, TRUST_UNTRUSTED},
		{"warn", "trusted", REASON_PERMITTED, TRUST_TRUSTED},
		{"warn", "system", REASON_PERMITTED, TRUST_SYSTEM},
		{"warn", "untrusted", REASON_PERMITTED, TRUST_UNTRUSTED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct loaded loaded = load_entry("wide", cases[i].level, cases[i].mismatch, false);
		struct decision decision = decide_on(&loaded, 0, "wide", NULL, NULL);

		assert_int_equal(decision.reason, cases[i].reason);
		assert_int_equal(decision.trust.level, cases[i].got);
		assert_true(decision.trust.differs);
		assert_non_null(strstr(decision.trust.note,
			"its script is not the one that rolegate.conf:3 "
			"trusts (sha256:000000000000..."));
		loaded_free(&loaded);
	}
}

/* What is there now is judged, whatever was there at the load. */
static void R34_one_changed_byte_revokes(void **state)
{
	struct loaded loaded = load_entry("wide", "trusted", "block", true);
	struct script_content content = function_of(&loaded, "wide")->script.content;
	struct decision decision = decide_on(&loaded, 0, "wide", &content, NULL);

	(void)state;
	assert_int_equal(decision.reason, REASON_PERMITTED);
	for (size_t i = 0; i < 64; i++) {
		char before = content.digest[i];

		content.digest[i] = before == '0' ? '1' : '0';
		decision = decide_on(&loaded, 0, "wide", &content, NULL);
		assert_int_equal(decision.reason, REASON_UNTRUSTED);
		content.digest[i] = before;
	}
	content.digest[0] = '\0';
	decision = decide_on(&loaded, 0, "wide", &content, NULL);
	assert_int_equal(decision.reason, REASON_UNTRUSTED);
	loaded_free(&loaded);
}

/* The same bytes under another name are another function. */
static void R34_a_copy_is_not_trusted(void **state)
{
	struct loaded loaded = load_entry("wide", "trusted", "block", true);
	struct decision decision = decide_on(&loaded, 0, "narrow", NULL, NULL);

	(void)state;
	assert_string_equal(hash_of(&loaded, "wide"), hash_of(&loaded, "narrow"));
	assert_int_equal(decision.reason, REASON_PERMITTED);
	assert_int_equal(decision.trust.level, TRUST_UNTRUSTED);
	loaded_free(&loaded);
}

static void the_interpreter_is_a_part_of_it(void **state)
{
	char text[1024];
	struct loaded loaded;

	(void)state;
	snprintf(text, sizeof(text),
		"trusted = ( { id = \"" ID(1) "\"; function = \"wide\"; level = \"trusted\"; "
					      "content_hash = \"sha256:%s\"; interpreter_hash = "
					      "\"sha256:" ZEROS "\"; } );",
		hello());
	loaded = load_good(text, NULL);
	assert_int_equal(decide_on(&loaded, 0, "wide", NULL, NULL).reason, REASON_UNTRUSTED);
	assert_int_equal(decide_on(&loaded, 0, "wide", NULL, "").reason, REASON_UNTRUSTED);
	assert_int_equal(decide_on(&loaded, 0, "wide", NULL, hello()).reason, REASON_UNTRUSTED);
	assert_int_equal(decide_on(&loaded, 0, "wide", NULL, ZEROS).reason, REASON_PERMITTED);
	loaded_free(&loaded);
}

static void a_signature_stands_for_a_hash(void **state)
{
	struct loaded loaded = load_good("trusted_keys = ( { name = \"k\"; key = \"" KEY "\"; } );",
		entry("signed_by = \"k\"; path = \"/opt/scripts/filed\"; level = \"trusted\";"));
	struct script_content content = {.digest = ZEROS};
	struct decision decision = decide_on(&loaded, 0, "filed", &content, NULL);

	(void)state;
	assert_int_equal(decision.reason, REASON_UNTRUSTED);
	assert_non_null(strstr(decision.detail, "has no good signature by \"k\""));
	content.signature_holds = true;
	assert_int_equal(decide_on(&loaded, 0, "filed", &content, NULL).reason, REASON_PERMITTED);
	loaded_free(&loaded);
}

/* The library's digest, by a load that compares it with nothing. */
static const char *library_digest(void)
{
	static char digest[65];
	struct loaded loaded = load_good(
		"", entry("path = \"functions.d/f.conf\"; level = \"trusted\"; " GOOD_HASH));

	memcpy(digest, loaded.policy->trust[0].file_digest, sizeof(digest));
	loaded_free(&loaded);
	return digest;
}

static struct loaded load_library(const char *digest, const char *rest)
{
	char text[1024];

	snprintf(text, sizeof(text),
		"path = \"functions.d/f.conf\"; level = \"trusted\"; content_hash = \"sha256:%s\"; "
		"%s",
		digest, rest);
	return load_good("", entry(text));
}

static void expect(
	struct loaded *loaded, const char *function, enum reason reason, enum trust_level level)
{
	struct decision decision = decide_on(loaded, 0, function, NULL, NULL);

	assert_int_equal(decision.reason, reason);
	assert_int_equal(decision.trust.level, level);
}

static void a_library_is_trusted_by_its_bytes(void **state)
{
	struct loaded loaded = load_library(library_digest(), "");

	(void)state;
	expect(&loaded, "wide", REASON_PERMITTED, TRUST_TRUSTED);
	expect(&loaded, "narrow", REASON_PERMITTED, TRUST_TRUSTED);
	expect(&loaded, "filed", REASON_PERMITTED, TRUST_UNTRUSTED); /* its bytes are elsewhere */
	loaded_free(&loaded);
	loaded = load_library(ZEROS, "");
	expect(&loaded, "wide", REASON_UNTRUSTED, TRUST_UNTRUSTED);
	loaded_free(&loaded);
}

static void what_a_library_does_not_export_is_removed_or_constrained(void **state)
{
	struct loaded loaded = load_library(library_digest(), "exports = [ \"wide\" ];");

	(void)state;
	expect(&loaded, "wide", REASON_PERMITTED, TRUST_TRUSTED);
	expect(&loaded, "narrow", REASON_UNTRUSTED, TRUST_UNTRUSTED);
	expect(&loaded, "filed", REASON_UNTRUSTED, TRUST_UNTRUSTED);
	assert_non_null(strstr(decide_on(&loaded, 0, "narrow", NULL, NULL).detail,
		"trusted.d/t.conf:1 does not export it from functions.d/f.conf"));
	loaded_free(&loaded);
	loaded = load_library(library_digest(), "exports = [ \"wide\" ]; others = \"constrain\";");
	expect(&loaded, "wide", REASON_PERMITTED, TRUST_TRUSTED);
	expect(&loaded, "narrow", REASON_PERMITTED, TRUST_UNTRUSTED);
	loaded_free(&loaded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R35_only_sha256_by_name_is_taken),
		cmocka_unit_test(R5_an_entry_that_is_not_exact_is_refused),
		cmocka_unit_test(R5_an_id_is_a_uuid_and_there_is_one_of_it),
		cmocka_unit_test(R5_no_target_has_two_entries),
		cmocka_unit_test(keys_are_of_rolegate_conf_alone),
		cmocka_unit_test(system_is_said_by_rolegate_conf_alone),
		cmocka_unit_test(a_script_of_no_function_is_a_warning),
		cmocka_unit_test(levels_decide_the_profile),
		cmocka_unit_test(no_entry_is_untrusted),
		cmocka_unit_test(what_is_untrusted_keeps_a_narrower_profile),
		cmocka_unit_test(root_is_for_system_alone),
		cmocka_unit_test(what_differs_is_blocked_constrained_or_told),
		cmocka_unit_test(R34_one_changed_byte_revokes),
		cmocka_unit_test(R34_a_copy_is_not_trusted),
		cmocka_unit_test(the_interpreter_is_a_part_of_it),
		cmocka_unit_test(a_signature_stands_for_a_hash),
		cmocka_unit_test(a_library_is_trusted_by_its_bytes),
		cmocka_unit_test(what_a_library_does_not_export_is_removed_or_constrained),
	};

	return cmocka_run_group_tests_name("trusted", tests, NULL, NULL);
}
