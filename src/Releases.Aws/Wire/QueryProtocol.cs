using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Releases.Aws;

/// <summary>
/// Implements AWS's older protocol, which IAM and Elastic Load Balancing use: the request is a form, and the response is XML. Both are
/// converted from and to documents, as with other services.
/// </summary>
internal static class QueryProtocol
{
    private const string Member = "member";

    /// <summary>Returns the form: lists become <c>Names.member.1</c>, and structures <c>Entries.member.1.Key</c>.</summary>
    public static string Form(AwsService service, string operation, JsonObject input)
    {
        var form = new StringBuilder($"Action={operation}&Version={service.Version}");
        foreach (var (name, value) in Flattened("", input)) form.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return form.ToString();
    }

    /// <summary>
    /// Reads the content of an element: a list if its children are members, an object if it has other children, else its text.
    /// </summary>
    public static JsonNode? Read(XmlReader reader)
    {
        if (reader.IsEmptyElement)
        {
            reader.Read();
            return null;
        }

        reader.ReadStartElement();
        JsonNode? node = null;
        while (reader.MoveToContent() != XmlNodeType.EndElement)
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                node = JsonValue.Create(reader.ReadContentAsString());
                continue;
            }

            var name = reader.LocalName;
            var child = Read(reader);
            if (name == Member) (node as JsonArray ?? (JsonArray)(node = JsonReading.List([]))).Add(child);
            else (node as JsonObject ?? (JsonObject)(node = new JsonObject()))[name] = child;
        }

        reader.ReadEndElement();
        return node;
    }

    private static IEnumerable<(string Name, string Value)> Flattened(string prefix, JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => Flattened(prefix.Length == 0 ? m.Key : $"{prefix}.{m.Key}", m.Value)),
        JsonArray items => items.SelectMany((item, n) =>
            Flattened(string.Create(CultureInfo.InvariantCulture, $"{prefix}.{Member}.{n + 1}"), item)),
        null => [],
        _ => [(prefix, node.ToString())],
    };

    public sealed class Marshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
    {
        public static Marshaller Instance { get; } = new();

        public IRequest Marshall(AmazonWebServiceRequest input) => ((JsonRequest)input).MarshalledAsForm();
    }

    public sealed class Unmarshaller : XmlResponseUnmarshaller
    {
        public static Unmarshaller Instance { get; } = new();

        public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext input)
        {
            var (root, wrong) = ReadRoot(input.Stream);
            var result = root?.FirstOrDefault(m => m.Key.EndsWith("Result", StringComparison.Ordinal)).Value as JsonObject;
            return new JsonResponse { Document = result, Unreadable = wrong ?? "it has no result" };
        }

        /// <summary>A response that isn't AWS's XML, as from a proxy, has no error code.</summary>
        public override AmazonServiceException UnmarshallException(XmlUnmarshallerContext input, Exception innerException,
            HttpStatusCode statusCode)
        {
            var error = ReadRoot(input.Stream).Root?["Error"];
            var type = (int)statusCode < 500 ? ErrorType.Sender : ErrorType.Receiver;
            return new(Text(error, "Message") ?? "", innerException, type, Text(error, "Code") ?? "", null, statusCode);
        }

        private static string? Text(JsonNode? error, string name) =>
            (error as JsonObject)?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

        private static (JsonObject? Root, string? Wrong) ReadRoot(Stream stream)
        {
            try
            {
                using var reader = XmlReader.Create(stream,
                    new() { DtdProcessing = DtdProcessing.Prohibit, IgnoreWhitespace = true, IgnoreComments = true });
                reader.MoveToContent();
                return (Read(reader) as JsonObject, null);
            }
            catch (Exception broken) when (broken is XmlException or InvalidCastException or InvalidOperationException)
            {
                return (null, "it isn't complete XML");
            }
        }
    }
}
