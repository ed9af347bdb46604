using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

/// <summary>
/// Represents an item of the table: a document as JSON, and beside it only the attributes that are looked up or used in conditions.
/// </summary>
internal sealed record Item(Dictionary<string, AttributeValue> Attributes)
{
    /// <summary>The number of writes of a document that is written on condition of what was read.</summary>
    public const string Revision = "rev";

    public const string DocumentName = "doc";

    /// <summary>No page embeds a document, and escaped quotes and letters would take up to six times the room.</summary>
    private static readonly JsonWriterOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Item(Key key)
        : this(key.Attributes())
    {
    }

    public string SortKey => Attributes[Keys.Sort].S;

    public static Item From<T>(Key key, T document, JsonTypeInfo<T> type) => new Item(key).With(
        DocumentName, Serialize(document, type));

    public static string Serialize<T>(T document, JsonTypeInfo<T> type)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, AsItIs)) JsonSerializer.Serialize(writer, document, type);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    public Item With(string name, string value) => With(name, new AttributeValue(value));

    public Item With(string name, long value) => With(name, Number(value));

    public Item With(string name, byte[] value) => With(name, new AttributeValue { B = new MemoryStream(value) });

    public string? Text(string name) => Attributes.TryGetValue(name, out var value) ? value.S : null;

    public long Long(string name) => Attributes.TryGetValue(name, out var value) ? long.Parse(value.N, CultureInfo.InvariantCulture) : 0;

    /// <summary>Returns a text that every such item has. Fails with <see cref="ProblemCode.DamagedStore"/>.</summary>
    public string RequireText(string name) => Text(name) ?? throw Damaged();

    /// <summary>Returns bytes that every such item has. Fails with <see cref="ProblemCode.DamagedStore"/>.</summary>
    public byte[] Bytes(string name) => Attributes.GetValueOrDefault(name)?.B is { } bytes ? bytes.ToArray() : throw Damaged();

    /// <summary>Returns the document. Fails with <see cref="ProblemCode.DamagedStore"/> if it can't be read.</summary>
    public T Document<T>(JsonTypeInfo<T> type) where T : StoredDocument =>
        Read(DocumentName, text => StoredDocument.Read(text, type));

    /// <summary>Reads a text that every such item has. Fails with <see cref="ProblemCode.DamagedStore"/> if it can't be read.</summary>
    public T Read<T>(string name, Func<string, T> read)
    {
        try
        {
            return read(RequireText(name));
        }
        catch (Exception damaged) when (damaged is JsonException or FormatException)
        {
            throw Damaged(damaged);
        }
    }

    public static AttributeValue Number(long value) => new() { N = value.ToString(CultureInfo.InvariantCulture) };

    private ProblemException Damaged(Exception? cause = null) =>
        DynamoProblems.Damaged(new(Attributes[Keys.Partition].S, SortKey)).ToException(cause);

    private Item With(string name, AttributeValue value)
    {
        Attributes[name] = value;
        return this;
    }
}
