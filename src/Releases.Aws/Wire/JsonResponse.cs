using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace Releases.Aws;

/// <summary>Represents an operation's output as a document, so that members that we don't know are kept.</summary>
internal sealed class JsonResponse : AmazonWebServiceResponse
{
    /// <summary>The document, or null if it couldn't be read.</summary>
    public JsonObject? Document { get; init; }

    /// <summary>Why it couldn't be read.</summary>
    public string? Unreadable { get; init; }

    public JsonObject Output => Document ?? throw new UnreadableResponseException(Unreadable!);

    /// <summary>When AWS responded, by its clock.</summary>
    public DateTimeOffset? At { get; init; }

    public sealed class Unmarshaller : JsonResponseUnmarshaller
    {
        public static Unmarshaller Instance { get; } = new();

        public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input)
        {
            var (document, wrong) = Read(input);
            return new JsonResponse { Document = document, Unreadable = wrong, At = Date(input) };
        }

        /// <summary>A response that isn't JSON, as from a proxy or a load balancer, has no error code.</summary>
        public override AmazonServiceException UnmarshallException(
            JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
        {
            var error = Read(input).Document;
            var type = Text(error, "__type") ?? Text(error, "code");
            var message = Text(error, "message") ?? Text(error, "Message") ?? "";
            return new(
                message, innerException, (int)statusCode < 500 ? ErrorType.Sender : ErrorType.Receiver,
                type?[(type.LastIndexOf('#') + 1)..] ?? "",
                input.ResponseData.GetHeaderValue("x-amzn-RequestId"), statusCode);
        }

        private static (JsonObject? Document, string? Wrong) Read(JsonUnmarshallerContext input)
        {
            using var body = new MemoryStream();
            try
            {
                input.Stream.CopyTo(body);
                if (body.Length == 0) return (null, "the body is empty");
                return JsonNode.Parse(
                    body.GetBuffer().AsSpan(0, (int)body.Length)) is JsonObject document ? (document, null) : (null, "it isn't an object");
            }
            catch (JsonException)
            {
                var type = input.ResponseData.ContentType ?? "without a type";
                return (null, $"it isn't complete JSON ({type}, {Quantity.Text(body.Length, "byte")})");
            }
        }

        private static string? Text(JsonObject? error, string name) =>
            error?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

        private static DateTimeOffset? Date(JsonUnmarshallerContext input) =>
            DateTimeOffset.TryParse(input.ResponseData.GetHeaderValue("Date"), CultureInfo.InvariantCulture, out var date) ? date : null;
    }
}
