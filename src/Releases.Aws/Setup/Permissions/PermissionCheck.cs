using Amazon.Runtime;

namespace Releases.Aws;

/// <summary>Queries IAM about every action that releasing to a rack requires, before the first promotion needs it.</summary>
/// <param name="address">The address of the rack.</param>
/// <param name="aws">The connection to AWS.</param>
/// <param name="clients">The clients of the AWS services.</param>
internal sealed class PermissionCheck(AwsAddress address, AwsConnection aws, AwsClients clients)
{
    /// <summary>IAM allows few calls per second in an account.</summary>
    private const int AtOnce = 4;

    /// <summary>Returns a finding for each action, and a sentence on what was checked. Without findings if IAM can't be queried.</summary>
    public async Task<(IReadOnlyList<RackFinding> Findings, string Scope)> Run(AppName app, Manifest? manifest, CancellationToken cancel)
    {
        using var iam = aws.Iam(CallLimits.Setup);
        try
        {
            if (iam is null) return NotAsked("IAM's address isn't known in this region");
            var caller = await AwsCaller.Ask(aws, CallLimits.Setup, cancel);
            if (await CallerPrincipal.Find(caller, iam, cancel) is not { } principal)
                return NotAsked($"{caller} is neither a user nor a role");
            var (groups, ofRoles, scope) = await Groups(principal, app, manifest, cancel);
            var findings = await Ask(groups.Select(g => (principal, g)), iam, cancel);
            var (more, limits) = await AskRoles(ofRoles.Select(g => (principal with { Arn = g.Role }, g.Group)), iam, cancel);
            return ([.. findings, .. more], $"IAM was asked about the policies of {principal.Arn}: {scope}.{limits}");
        }
        catch (Exception refused) when (AwsProblems.From(refused, "IAM") is { } problem)
        {
            return NotAsked(problem.Message.TrimEnd('.'));
        }
    }

    private static (IReadOnlyList<RackFinding> Findings, string Scope) NotAsked(string why) =>
        ([], $"Only read access was checked, because iam:SimulatePrincipalPolicy can't be asked: {why}. docs/aws.md lists every action.");

    private static async Task<IReadOnlyList<RackFinding>> Ask(
        IEnumerable<(CallerPrincipal Principal, PermissionGroup Group)> groups, JsonService iam, CancellationToken cancel)
    {
        var findings = new List<RackFinding>();
        foreach (var some in groups.Chunk(AtOnce))
            foreach (var found in await Task.WhenAll(some.Select(g => new PolicySimulation(iam, g.Principal).Ask(g.Group, cancel))))
                findings.AddRange(found);
        return findings;
    }

    /// <summary>A caller may be allowed to ask about itself alone.</summary>
    private static async Task<(IReadOnlyList<RackFinding> Findings, string Limits)> AskRoles(
        IEnumerable<(CallerPrincipal Principal, PermissionGroup Group)> groups, JsonService iam, CancellationToken cancel)
    {
        try
        {
            return (await Ask(groups, iam, cancel), "");
        }
        catch (AmazonServiceException refused) when (AwsFailure.IsPermanent(refused))
        {
            return ([], " It may not be asked about the services' execution roles.");
        }
    }

    private async Task<(IReadOnlyList<PermissionGroup> OfCaller, IReadOnlyList<(string Role, PermissionGroup Group)> OfRoles, string Scope)>
        Groups(CallerPrincipal principal, AppName app, Manifest? manifest, CancellationToken cancel)
    {
        var permissions = new RackPermissions(principal.Partition, principal.Account, address);
        try
        {
            var read = await new AppPermissions(address, aws, clients).Read(app, manifest, cancel);
            if (read.Services is not { } services)
                return ([.. permissions.OfRack(), permissions.OfKey(app)], [], $"the rack; {read.Source}");
            return (
                [
                    .. permissions.OfRack(), .. permissions.OfApp(app), .. services.SelectMany(s => permissions.OfService(app, s)),
                    .. permissions.OfBuses(read.Buses),
                ],
                [
                    .. services.Where(s => s.ReadsSecrets).Select(s => s.ExecutionRole).OfType<string>().Distinct()
                        .Select(r => (r, permissions.OfExecutionRole(app, r))),
                ],
                $"the rack and the app {app}{read.Source}");
        }
        catch (Exception unread) when (unread is ProblemException || AwsFailure.IsAwsFailure(unread))
        {
            var why = unread is ProblemException problem ? $" ({problem.Problems[0].Message.TrimEnd('.')})" : "";
            return ([.. permissions.OfRack(), .. permissions.OfApp(app)], [],
                $"the rack; the services of {app} couldn't be read{why}, so their permissions weren't asked for");
        }
    }
}
