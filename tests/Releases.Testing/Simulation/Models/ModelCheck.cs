using System.Text.Json;

namespace Releases.Testing.Simulation.Models;

/// <summary>
/// Holds the requests and responses of one server against AWS's models. A rule that was broken is kept until a test takes it, and
/// fails the test at the latest when the server is disposed of.
/// </summary>
/// <param name="tolerated">How broken rules begin that AWS itself breaks in its responses.</param>
internal sealed class ModelCheck(IReadOnlyList<string>? tolerated = null)
{
    /// <summary>Errors that every operation of AWS may respond with.</summary>
    private static readonly HashSet<string> CommonErrors =
    [
        "AccessDenied", "AccessDeniedException", "ExpiredToken", "ExpiredTokenException", "IncompleteSignature", "InternalFailure",
        "InvalidSignatureException", "RequestExpired", "SerializationException", "ServiceUnavailable", "SignatureDoesNotMatch",
        "ThrottlingException", "UnknownOperationException", "UnrecognizedClientException", "ValidationException",
    ];

    private readonly List<string> _broken = [];
    private int _checked;

    /// <summary>How many documents were held against a model.</summary>
    public int Checked => _checked;

    /// <summary>The sentence on what is wrong with a request; null: nothing.</summary>
    public string? Request(string target, ReadOnlyMemory<byte> body)
    {
        if (AwsModels.ByTarget is not { } models) return null;
        return models.TryGetValue(target, out var operation)
            ? Check(operation, operation.Input, "request", body)
            : Keep($"the target is \"{target}\", an operation that no model of AWS has.");
    }

    /// <summary>Holds a response against the operation that was called.</summary>
    public void Response(string target, int status, ReadOnlyMemory<byte> body)
    {
        if (AwsModels.ByTarget?.GetValueOrDefault(target) is not { } operation) return;
        if (status == 200) Check(operation, operation.Output, "response", body);
        else CheckError(operation, body);
    }

    /// <summary>The rules that were broken so far. They no longer fail the test, which asserts the ones that it expects.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (_broken)
        {
            string[] taken = [.. _broken];
            _broken.Clear();
            return taken;
        }
    }

    /// <summary>Keeps what is wrong with the server itself.</summary>
    public void Fail(string sentence) => Keep(sentence);

    /// <summary>Fails where a rule was broken.</summary>
    public void Require()
    {
        if (Take() is { Count: > 0 } broken) throw new ModelViolationException(string.Join(Environment.NewLine, broken.Distinct()));
    }

    private string? Check(ModelOperation operation, Shape? shape, string what, ReadOnlyMemory<byte> body)
    {
        Interlocked.Increment(ref _checked);
        // Where the model has no document, AWS sends none, or one without members.
        if (shape is null && body.IsEmpty) return null;
        var walk = new ModelWalk();
        try
        {
            using var document = JsonDocument.Parse(body);
            (shape ?? new StructureShape()).Check(document.RootElement, walk);
        }
        catch (JsonException)
        {
            walk.Breaks("is not JSON");
        }

        if (tolerated is not null && what == "response")
            walk.Broken.RemoveAll(b => tolerated.Any(t => b.StartsWith(t, StringComparison.Ordinal)));
        if (walk.Broken.Count == 0) return null;
        return Keep($"{operation.Service} {operation.Name}: in the {what}, {string.Join("; ", walk.Broken)}.");
    }

    private void CheckError(ModelOperation operation, ReadOnlyMemory<byte> body)
    {
        Interlocked.Increment(ref _checked);
        using var document = JsonDocument.Parse(body);
        var type = document.RootElement.TryGetProperty("__type", out var told) ? told.GetString()! : "";
        var code = type[(type.LastIndexOf('#') + 1)..];
        if (!CommonErrors.Contains(code) && !operation.Errors.Contains(code))
            Keep($"{operation.Service} {operation.Name}: the response is the error \"{code}\", which the operation doesn't have.");
    }

    private string Keep(string sentence)
    {
        lock (_broken) _broken.Add(sentence);
        return sentence;
    }
}

/// <summary>A request or a response that AWS's own model doesn't allow.</summary>
internal sealed class ModelViolationException(string sentences) : Exception(sentences);
