using System.Globalization;
using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation;

/// <summary>Secrets Manager as far as its model and documentation tell: tokens are versions, labels move, 20 of them at most.</summary>
internal sealed class SimulatedSecretsManager : SimulatedService
{
    private const int MostLabels = 20;
    private const string Current = "AWSCURRENT";

    private readonly Dictionary<string, Secret> _secrets = [];

    /// <summary>The secret of this name, as it is.</summary>
    public Secret this[string name]
    {
        get
        {
            lock (Gate) return _secrets[name];
        }
    }

    /// <summary>How many versions an answer has at most; the rest comes with the next one.</summary>
    public int PageSize { get; set; } = 100;

    protected override JsonObject Handle(string operation, JsonObject input) => operation switch
    {
        "CreateSecret" => Create(input),
        "DescribeSecret" => Describe(Find(input)),
        "DeleteSecret" => Delete(Find(input)),
        "RestoreSecret" => Restore(Find(input)),
        "PutSecretValue" => Put(Find(input), input),
        "ListSecretVersionIds" => List(Find(input), input),
        "UpdateSecretVersionStage" => Move(Find(input), input),
        _ => throw new ServiceError("UnknownOperationException", operation),
    };

    private JsonObject Create(JsonObject input)
    {
        var name = Text(input, "Name")!;
        if (_secrets.ContainsKey(name))
            throw new ServiceError("ResourceExistsException", $"The operation failed because the secret {name} already exists.");
        _secrets[name] = new($"arn:aws:secretsmanager:eu-west-1:111122223333:secret:{name}-AbCdEf");
        return new() { ["ARN"] = _secrets[name].Arn, ["Name"] = name };
    }

    private Secret Find(JsonObject input)
    {
        var id = Text(input, "SecretId")!;
        return _secrets.FirstOrDefault(s => s.Key == id || s.Value.Arn == id).Value
            ?? throw new ServiceError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    }

    private static JsonObject Describe(Secret secret)
    {
        var described = new JsonObject { ["ARN"] = secret.Arn };
        if (secret.IsDeleted) described["DeletedDate"] = 1763900000.5;
        return described;
    }

    private static JsonObject Delete(Secret secret)
    {
        secret.IsDeleted = true;
        return new() { ["ARN"] = secret.Arn };
    }

    private static JsonObject Restore(Secret secret)
    {
        secret.IsDeleted = false;
        return new() { ["ARN"] = secret.Arn };
    }

    private static JsonObject Put(Secret secret, JsonObject input)
    {
        if (secret.IsDeleted) throw new ServiceError("InvalidRequestException",
            "You can't perform this operation on the secret because it was marked for deletion.");
        var (token, text) = (Text(input, "ClientRequestToken")!, Text(input, "SecretString")!);
        if (token.Length is < 32 or > 64) throw new ServiceError("InvalidParameterException", "ClientRequestToken");
        if (text.Length > 65_536) throw new ServiceError("InvalidParameterException", "SecretString");
        if (secret.Versions.TryGetValue(token, out var there))
            return there == text
                ? new() { ["VersionId"] = token }
                : throw new ServiceError("ResourceExistsException", "A resource with the ID you requested already exists.");
        var labels = (input["VersionStages"] as JsonArray)?.Select(l => l!.GetValue<string>()).ToList() ?? [Current];
        if (secret.Versions.Count == 0) labels.Add(Current);
        if (secret.Labels.Keys.Union(labels).Count() > MostLabels)
            throw new ServiceError("LimitExceededException", "You have too many labels.");
        secret.Versions[token] = text;
        foreach (var label in labels) secret.Labels[label] = token;
        return new() { ["VersionId"] = token };
    }

    private JsonObject List(Secret secret, JsonObject input)
    {
        var isAll = input["IncludeDeprecated"]?.GetValue<bool>() == true;
        var from = Text(input, "NextToken") is { } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
        var listed = secret.Versions.Keys.Where(v => isAll || secret.Labels.ContainsValue(v)).ToList();
        var page = new JsonObject
        {
            ["ARN"] = secret.Arn,
            ["Versions"] = new JsonArray([.. listed.Skip(from).Take(PageSize).Select(v => new JsonObject
            {
                ["VersionId"] = v,
                ["VersionStages"] = new JsonArray([.. secret.Labels.Where(l => l.Value == v).Select(l => JsonValue.Create(l.Key))]),
            })]),
        };
        if (from + PageSize < listed.Count) page["NextToken"] = (from + PageSize).ToString(CultureInfo.InvariantCulture);
        return page;
    }

    private static JsonObject Move(Secret secret, JsonObject input)
    {
        var label = Text(input, "VersionStage")!;
        if (Text(input, "RemoveFromVersionId") is { } from)
        {
            if (secret.Labels.GetValueOrDefault(label) != from)
                throw new ServiceError("InvalidParameterException", "The staging label is not attached to that version.");
            secret.Labels.Remove(label);
        }

        if (Text(input, "MoveToVersionId") is { } to)
        {
            if (!secret.Versions.ContainsKey(to))
                throw new ServiceError("ResourceNotFoundException", "Secrets Manager can't find the specified secret version.");
            if (secret.Labels.Count >= MostLabels && !secret.Labels.ContainsKey(label))
                throw new ServiceError("LimitExceededException", "You have too many labels.");
            secret.Labels[label] = to;
        }

        return new() { ["ARN"] = secret.Arn };
    }

    private static string? Text(JsonObject input, string name) => input[name]?.GetValue<string>();

    internal sealed class Secret(string arn)
    {
        public string Arn => arn;

        public bool IsDeleted { get; set; }

        /// <summary>Values by version.</summary>
        public Dictionary<string, string> Versions { get; } = [];

        /// <summary>Versions by label.</summary>
        public Dictionary<string, string> Labels { get; } = [];
    }
}
