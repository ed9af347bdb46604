namespace Releases;

/// <summary>Reads <c>deployment</c> and <c>singleton</c>: how a rollout of a service may move.</summary>
internal sealed class DeploymentReading(ManifestMap service, Findings findings, HashSet<string> stated)
{
    public Deployment Read()
    {
        var value = service["deployment"];
        var deployment = ManifestMap.Of(value, ManifestKeys.Deployment, findings, "'deployment'");
        if (deployment is not null) stated.UnionWith(deployment.Keys.Select(k => $"deployment.{k}").Append("deployment"));
        var singleton = findings.Truth(service["singleton"], "singleton") ?? false;
        var unset = new Deployment();
        var read = new Deployment
        {
            Minimum = findings.Number(deployment?["minimum"], "deployment.minimum", 0, 100) ?? (singleton ? 0 : unset.Minimum),
            Maximum = findings.Number(deployment?["maximum"], "deployment.maximum", 100, 1000) ?? (singleton ? 100 : unset.Maximum),
            Timeout = findings.Seconds(deployment?["timeout"], "deployment.timeout", 1) ?? unset.Timeout,
        };
        if (singleton && read is not { Minimum: 0, Maximum: 100 })
            findings.Error(value!, "'singleton' means a minimum of 0 and a maximum of 100, and 'deployment' says otherwise.", "Keep one of them.");
        else if (read is { Minimum: 100, Maximum: 100 })
            findings.Error(value!, "With a minimum and a maximum of 100 a rollout cannot move.", "Lower the minimum, or raise the maximum.");
        return read;
    }
}
