#include "base/quote.h"

static bool is_plain(const char *word)
{
    static const char bytes[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-+./,:=@%";
    return *word != '\0' && word[strspn(word, bytes)] == '\0';
}

/* Double quotes read best around SQL's single ones; some bytes keep a meaning inside them. */
void quote_shell(const char *word, Buffer *out)
{
    if (is_plain(word)) {
        buffer_text(out, word);
    } else if (strchr(word, '\'') != NULL && strpbrk(word, "\"$`\\!") == NULL) {
        buffer_format(out, "\"%s\"", word);
    } else {
        buffer_byte(out, '\'');
        for (const char *at = word; *at != '\0'; at++)
            if (*at == '\'')
                buffer_text(out, "'\\''");
            else
                buffer_byte(out, *at);
        buffer_byte(out, '\'');
    }
}

void quote_json(Span text, Buffer *out)
{
    buffer_byte(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte == '"' || byte == '\\')
            buffer_format(out, "\\%c", byte);
        else if (byte == '\n')
            buffer_text(out, "\\n");
        else if (byte < 0x20 || byte == 0x7f)
            buffer_format(out, "\\u%04x", byte);
        else
            buffer_byte(out, (char)byte);
    }
    buffer_byte(out, '"');
}

/* NULL: the byte stands for itself. */
static const char *entity_of(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

void quote_markup(Span text, Buffer *out)
{
    for (size_t i = 0; i < text.size; i++) {
        const char *entity = entity_of(text.at[i]);
        if (entity != NULL)
            buffer_text(out, entity);
        else
            buffer_byte(out, text.at[i]);
    }
}
