using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Releases.Aws;

/// <summary>Represents a call of an operation, with its input as a document.</summary>
internal sealed class JsonRequest(AwsService service, string operation, JsonObject input) : AmazonWebServiceRequest
{
    public IRequest Marshalled()
    {
        var request = new DefaultRequest(this, service.Id) { HttpMethod = "POST", ResourcePath = "/" };
        request.Headers["Content-Type"] = "application/x-amz-json-1.1";
        request.Headers["X-Amz-Target"] = $"{service.Target}.{operation}";
        request.Content = Encoding.UTF8.GetBytes(input.ToJsonString());
        return request;
    }

    /// <summary>Marshals the call in the Query protocol.</summary>
    public IRequest MarshalledAsForm()
    {
        var request = new DefaultRequest(this, service.Id) { HttpMethod = "POST", ResourcePath = "/" };
        request.Headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8";
        request.Content = Encoding.UTF8.GetBytes(QueryProtocol.Form(service, operation, input));
        return request;
    }

    public sealed class Marshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
    {
        public static Marshaller Instance { get; } = new();

        public IRequest Marshall(AmazonWebServiceRequest input) => ((JsonRequest)input).Marshalled();
    }
}
