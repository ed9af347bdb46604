using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace Releases.Aws;

/// <summary>
/// A client of one service on the SDK's own pipeline, which signs, and finds credentials and addresses. It stands in
/// for the service's package, whose names of operations and members it uses.
/// </summary>
internal sealed class JsonServiceClient : AmazonServiceClient
{
    private readonly AwsService _service;

    public JsonServiceClient(JsonServiceConfig config)
        : base(config) => _service = config.Service;

    public JsonServiceClient(AWSCredentials credentials, JsonServiceConfig config)
        : base(credentials, config) => _service = config.Service;

    public Task<JsonAnswer> Call(string operation, JsonObject input, CancellationToken cancel) => InvokeAsync<JsonAnswer>(
        new JsonRequest(_service, operation, input),
        new InvokeOptions { RequestMarshaller = JsonRequest.Marshaller.Instance, ResponseUnmarshaller = JsonAnswer.Unmarshaller.Instance }, cancel);

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new BaseEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new Signing());
        ClockPolicy.Rule(pipeline);
    }

    private sealed class Signing : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => [new AuthSchemeOption { SchemeId = "aws.auth#sigv4" }];
    }
}
