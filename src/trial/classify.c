#include "trial/classify.h"

enum command_class classify(const struct observation *seen)
{
	if (seen->elevations.count > 0)
		return CLASS_ELEVATED;
	return seen->changes.count > 0 ? CLASS_WRITE_CAPABLE : CLASS_READ_ONLY;
}

const struct strings *classify_reasons(const struct observation *seen)
{
	return seen->elevations.count > 0 ? &seen->elevations : &seen->changes;
}

const char *classify_name(enum command_class command_class)
{
	switch (command_class) {
	case CLASS_READ_ONLY:
		return "read-only";
	case CLASS_WRITE_CAPABLE:
		return "write-capable";
	case CLASS_ELEVATED:
	case CLASS_UNKNOWN:
		break;
	}
	return "elevated";
}
