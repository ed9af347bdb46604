using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace Releases.Aws;

/// <summary>
/// Calls one service with the SDK's own pipeline, which signs requests and resolves credentials and endpoints. It replaces the service's
/// package, whose names of operations and members it uses.
/// </summary>
/// <param name="credentials">The credentials, or null for those of the usual AWS chain.</param>
/// <param name="config">The service, its region and endpoint.</param>
internal sealed class JsonServiceClient(AWSCredentials? credentials, JsonServiceConfig config) : AmazonServiceClient(credentials, config)
{
    public Task<JsonResponse> Call(string operation, JsonObject input, CancellationToken cancel) => InvokeAsync<JsonResponse>(
        new JsonRequest(config.Service, operation, input),
        config.Service.IsQuery
            ? new InvokeOptions
            { RequestMarshaller = QueryProtocol.Marshaller.Instance, ResponseUnmarshaller = QueryProtocol.Unmarshaller.Instance }
            : new InvokeOptions
            { RequestMarshaller = JsonRequest.Marshaller.Instance, ResponseUnmarshaller = JsonResponse.Unmarshaller.Instance },
        cancel);

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new BaseEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new Signing());
        ClockPolicy.Install(pipeline);
    }

    private sealed class Signing : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) =>
            [new AuthSchemeOption { SchemeId = "aws.auth#sigv4" }];
    }
}
