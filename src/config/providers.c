#include "config/build.h"
#include "config/check.h"

static const struct schema_key provider_keys[] = {
	{"name", SHAPE_STRING, .required = true, .offset = offsetof(struct provider, name),
		.check = check_name},
	{"read", SHAPE_STRINGS, .offset = offsetof(struct provider, read), .check = check_path},
	{"write", SHAPE_STRINGS, .offset = offsetof(struct provider, write), .check = check_path},
	{0},
};

static void read_provider(struct reader *reader, const config_setting_t *group, void *target)
{
	struct loader *loader = reader->loader;
	struct provider *provider = arena_alloc(loader->arena, sizeof(*provider)), *before;
	bool present[3];

	(void)target;
	schema_read(reader, "provider", group, provider_keys, provider, present);
	provider->source = reader_source(reader, group);
	if (!present[1] && !present[2])
		reader_error(reader, group,
			"provider has neither \"read\" nor \"write\"; expected "
			"a list of paths in one of them");
	if (provider->name == NULL)
		return;
	before = table_get(&loader->policy->provider_by_name, provider->name);
	if (before != NULL)
		reader_error(reader, group, "provider \"%s\" is already defined at %s:%u",
			provider->name, before->source.file, before->source.line);
	else
		table_put(
			loader->arena, &loader->policy->provider_by_name, provider->name, provider);
}

static void read_providers(struct reader *reader, const config_setting_t *list, void *field)
{
	schema_each_group(reader, list, read_provider, field);
}

void build_providers(struct reader *reader, const config_setting_t *root)
{
	static const struct schema_key keys[] = {
		{"providers", SHAPE_LIST, .required = true, .handler = read_providers},
		{0},
	};

	schema_read(reader, NULL, root, keys, NULL, NULL);
}
