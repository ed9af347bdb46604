using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace Releases.Aws;

/// <summary>An operation's output as a document, so that what we do not know is not lost.</summary>
internal sealed class JsonAnswer : AmazonWebServiceResponse
{
    public JsonObject Output { get; init; } = [];

    /// <summary>When AWS answered, by its clock.</summary>
    public DateTimeOffset? At { get; init; }

    public sealed class Unmarshaller : JsonResponseUnmarshaller
    {
        public static Unmarshaller Instance { get; } = new();

        public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input) =>
            new JsonAnswer { Output = Document(input) ?? [], At = Date(input) };

        /// <summary>An answer that is no JSON, as from a proxy or a load balancer, has no code.</summary>
        public override AmazonServiceException UnmarshallException(JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
        {
            var error = Document(input);
            var type = Text(error, "__type") ?? Text(error, "code");
            var message = Text(error, "message") ?? Text(error, "Message") ?? $"answered {(int)statusCode} {statusCode}";
            return new(
                message, innerException, (int)statusCode < 500 ? ErrorType.Sender : ErrorType.Receiver, type?[(type.LastIndexOf('#') + 1)..] ?? "",
                input.ResponseData.GetHeaderValue("x-amzn-RequestId"), statusCode);
        }

        private static JsonObject? Document(JsonUnmarshallerContext input)
        {
            using var body = new MemoryStream();
            input.Stream.CopyTo(body);
            try
            {
                return body.Length == 0 ? null : JsonNode.Parse(body.GetBuffer().AsSpan(0, (int)body.Length)) as JsonObject;
            }
            catch (JsonException) when (input.ResponseData.StatusCode != HttpStatusCode.OK)
            {
                return null;
            }
        }

        private static string? Text(JsonObject? error, string name) => error?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

        private static DateTimeOffset? Date(JsonUnmarshallerContext input) =>
            DateTimeOffset.TryParse(input.ResponseData.GetHeaderValue("Date"), CultureInfo.InvariantCulture, out var date) ? date : null;
    }
}
