using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation;

/// <summary>ECR before a real registry: repositories have to be made, and what is asked for is asked of the registry.</summary>
internal sealed class SimulatedEcr(Uri registry, string password = SimulatedEcr.Password) : SimulatedService
{
    public const string User = "AWS";
    public const string Password = "a-token-of-twelve-hours";

    private const string Account = "111122223333";

    private static readonly string[] Manifests = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json"];

    private readonly HashSet<(string Account, string Name)> _repositories = [];

    /// <summary>Makes a repository that somebody else made, also one of another account.</summary>
    public void Add(string repository, string account = Account)
    {
        lock (Gate) _repositories.Add((account, repository));
    }

    /// <summary>How ECR fails for every single image, in an answer that succeeds; null: it doesn't.</summary>
    public string? FailureCode { get; set; }

    protected override JsonObject Handle(string operation, JsonObject input) => operation switch
    {
        "GetAuthorizationToken" =>
            new()
            {
                ["authorizationData"] = new JsonArray(new JsonObject
                {
                    ["authorizationToken"] = Convert.ToBase64String(
                Encoding.UTF8.GetBytes($"{User}:{password}")),
                    ["proxyEndpoint"] = registry.ToString()
                })
            },
        "CreateRepository" => _repositories.Add((Account, Name(input)))
            ? new() { ["repository"] = Repository(Name(input)) }
            : throw new ServiceError("RepositoryAlreadyExistsException", "It exists."),
        "DescribeRepositories" =>
            new() { ["repositories"] = new JsonArray(Repository(Require(input["repositoryNames"]![0]!.GetValue<string>()))) },
        "BatchGetImage" or "BatchDeleteImage" when FailureCode is { } code => new()
        {
            ["failures"] = new JsonArray(
                [.. input["imageIds"]!.AsArray().Select(i => new JsonObject
                {
                    ["imageId"] = i!.DeepClone(), ["failureCode"] = code, ["failureReason"] = "The key is disabled."
                })]),
        },
        "BatchGetImage" => Get(input),
        "DescribeImages" => new() { ["imageDetails"] = new JsonArray([.. Images(Require(Name(input))).Values]) },
        "BatchDeleteImage" => Delete(Require(Name(input)), input),
        _ => throw new ServiceError("UnknownOperationException", operation),
    };

    private JsonObject Get(JsonObject input)
    {
        var name = Require(Name(input), input["registryId"]?.GetValue<string>());
        var id = input["imageIds"]![0]!;
        var reference = (id["imageDigest"] ?? id["imageTag"])!.GetValue<string>();
        using var answer = Send(HttpMethod.Get, $"/v2/{name}/manifests/{reference}");
        return answer.StatusCode == HttpStatusCode.OK
            ? new()
            {
                ["images"] = new JsonArray(new JsonObject
                {
                    ["imageId"] = new JsonObject { ["imageDigest"] = Digest(answer) },
                    ["imageManifest"] = Json(answer).ToJsonString(),
                    ["imageManifestMediaType"] = MediaType(answer),
                }),
                ["failures"] = new JsonArray()
            }
            : new() { ["images"] = new JsonArray(), ["failures"] = new JsonArray(new JsonObject { ["failureCode"] = "ImageNotFound" }) };
    }

    /// <summary>A registry lists tags, and so only the images that have some, or that belong to one that has.</summary>
    private SortedDictionary<string, JsonObject> Images(string name)
    {
        using var listed = Send(HttpMethod.Get, $"/v2/{name}/tags/list");
        var tags = listed.StatusCode == HttpStatusCode.OK
            ? (Json(listed)["tags"] as JsonArray ?? []).Select(t => t!.GetValue<string>())
            : [];
        var images = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var tag in tags)
            if (Add(tag) is { } image) image["imageTags"]!.AsArray().Add(tag);
        return images;

        JsonObject? Add(string reference)
        {
            using var answer = Send(HttpMethod.Get, $"/v2/{name}/manifests/{reference}");
            if (answer.StatusCode != HttpStatusCode.OK) return null;
            if (images.TryGetValue(Digest(answer), out var known)) return known;
            var manifest = Json(answer);
            var parts = Parts(manifest).Select(Add).OfType<JsonObject>().ToList();
            return images[Digest(answer)] = new()
            {
                ["repositoryName"] = name,
                ["imageDigest"] = Digest(answer),
                ["imageManifestMediaType"] = MediaType(answer),
                ["imageSizeInBytes"] = parts.Count > 0
                    ? parts.Max(p => p["imageSizeInBytes"]!.GetValue<long>())
                    : (manifest["layers"]?.AsArray() ?? []).Sum(l => l!["size"]!.GetValue<long>()),
                ["imageTags"] = new JsonArray(),
            };
        }
    }

    private JsonObject Delete(string name, JsonObject input)
    {
        var (deleted, failures) = (new JsonArray(), new JsonArray());
        foreach (var id in input["imageIds"]!.AsArray().Select(i => i!.DeepClone()))
        {
            var digest = id["imageDigest"]!.GetValue<string>();
            if (Images(name).Keys.Any(i => IsPart(name, i, digest)))
            {
                failures.Add(new JsonObject { ["imageId"] = id, ["failureCode"] = "ImageReferencedByManifestList" });
                continue;
            }

            using var answer = Send(HttpMethod.Delete, $"/v2/{name}/manifests/{digest}");
            if (answer.StatusCode == HttpStatusCode.Accepted) deleted.Add(id);
            else failures.Add(new JsonObject { ["imageId"] = id, ["failureCode"] = "ImageNotFound" });
        }

        return deleted.Count > 0 ? new() { ["imageIds"] = deleted, ["failures"] = failures } : new() { ["failures"] = failures };
    }

    private bool IsPart(string name, string index, string digest)
    {
        using var answer = Send(HttpMethod.Get, $"/v2/{name}/manifests/{index}");
        return answer.StatusCode == HttpStatusCode.OK && Parts(Json(answer)).Contains(digest);
    }

    private static IEnumerable<string> Parts(JsonObject manifest) =>
        (manifest["manifests"] as JsonArray ?? []).Select(m => m!["digest"]!.GetValue<string>());

    private HttpResponseMessage Send(HttpMethod method, string path)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(registry, path));
        foreach (var type in Manifests) request.Headers.Accept.ParseAdd(type);
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{password}")));
        return client.Send(request);
    }

    private static JsonObject Json(HttpResponseMessage answer)
    {
        using var content = answer.Content.ReadAsStream();
        return (JsonObject)JsonNode.Parse(content)!;
    }

    private static string MediaType(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType ?? Manifests[0];

    private static string Digest(HttpResponseMessage answer) => answer.Headers.GetValues("Docker-Content-Digest").Single();

    private string Require(
        string name, string? account = null) => _repositories.Contains((account ?? Account, name))
            ? name
            : throw new ServiceError("RepositoryNotFoundException", $"The repository with name '{name}' does not exist.");

    private static string Name(JsonObject input) => input["repositoryName"]!.GetValue<string>();

    private static JsonObject Repository(string name) =>
        new() { ["repositoryName"] = name, ["repositoryUri"] = $"{Account}.dkr.ecr.eu-west-1.amazonaws.com/{name}" };
}
