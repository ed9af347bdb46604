using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation;

/// <summary>ECR before a real registry: repositories have to be made, and what is asked for is asked of the registry.</summary>
internal sealed class SimulatedEcr(Uri registry, string password = SimulatedEcr.Password) : SimulatedService
{
    public const string User = "AWS";
    public const string Password = "a-token-of-twelve-hours";

    private static readonly string[] Manifests = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json"];

    private readonly HashSet<string> _repositories = [];

    /// <summary>Makes a repository that somebody else has.</summary>
    public void Add(string repository) => _repositories.Add(repository);

    protected override JsonObject Do(string operation, JsonObject input) => operation switch
    {
        "GetAuthorizationToken" => new() { ["authorizationData"] = new JsonArray(new JsonObject { ["authorizationToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{password}")), ["proxyEndpoint"] = registry.ToString() }) },
        "CreateRepository" => _repositories.Add(Name(input)) ? new() { ["repository"] = Repository(Name(input)) } : throw new Refusal("RepositoryAlreadyExistsException", "It exists."),
        "DescribeRepositories" => new() { ["repositories"] = new JsonArray(Repository(Require(input["repositoryNames"]![0]!.GetValue<string>()))) },
        "BatchGetImage" => Get(input),
        _ => throw new Refusal("UnknownOperationException", operation),
    };

    private JsonObject Get(JsonObject input)
    {
        var name = Require(Name(input));
        var id = input["imageIds"]![0]!;
        var reference = (id["imageDigest"] ?? id["imageTag"])!.GetValue<string>();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(registry, $"/v2/{name}/manifests/{reference}"));
        foreach (var type in Manifests) request.Headers.Accept.ParseAdd(type);
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{password}")));
        using var answer = client.Send(request);
        return answer.StatusCode == HttpStatusCode.OK
            ? new() { ["images"] = new JsonArray(new JsonObject { ["imageId"] = new JsonObject { ["imageDigest"] = answer.Headers.GetValues("Docker-Content-Digest").Single() } }), ["failures"] = new JsonArray() }
            : new() { ["images"] = new JsonArray(), ["failures"] = new JsonArray(new JsonObject { ["failureCode"] = "ImageNotFound" }) };
    }

    private string Require(string name) => _repositories.Contains(name) ? name : throw new Refusal("RepositoryNotFoundException", $"The repository with name '{name}' does not exist.");

    private static string Name(JsonObject input) => input["repositoryName"]!.GetValue<string>();

    private static JsonObject Repository(string name) => new() { ["repositoryName"] = name, ["repositoryUri"] = $"111122223333.dkr.ecr.eu-west-1.amazonaws.com/{name}" };
}
